/// The service's `ContactListingRequest`: which contacts of a list, in which order, and which page of them.
///
/// Texts are compared as they are, case included, and dates (`BEFORE`, `AFTER`) as ISO 8601 texts; a bound of a range is
/// part of it only if the request says so. The service's documentation leaves all three open.
struct ContactSearch: Decodable, Sendable {
    enum Junction: String, Decodable, Sendable {
        case and = "AND"
        case or = "OR"

        func holds<Part>(_ parts: [Part], _ test: (Part) -> Bool) -> Bool {
            self == .and ? parts.allSatisfy(test) : parts.contains(where: test)
        }
    }

    enum Operator: String, Decodable, Sendable {
        case equals = "EQUALS"
        case lessThan = "LESS_THAN"
        case lessThanEquals = "LESS_THAN_EQUALS"
        case greaterThan = "GREATER_THAN"
        case greaterThanEquals = "GREATER_THAN_EQUALS"
        case contains = "CONTAINS"
        case beginsWith = "BEGINS_WITH"
        case endsWith = "ENDS_WITH"
        case before = "BEFORE"
        case after = "AFTER"
        case between = "BETWEEN"
        case oneOf = "IN"
    }

    struct Criteria: Decodable, Sendable {
        var filterType: Junction?
        var clauses: [Clause]?
    }

    struct Clause: Decodable, Sendable {
        var filterType: Junction?
        var predicates: [Predicate]?
    }

    struct Predicate: Decodable, Sendable {
        var column: String
        var columnType: ColumnType?
        var `operator`: Operator
        var value: String?
        var range: Range?
        var inverted: Bool?
    }

    enum ColumnType: String, Decodable, Sendable {
        case numeric
        case alphabetic
    }

    struct Range: Decodable, Sendable {
        var min: String?
        var max: String?
        var minInclusive: Bool?
        var maxInclusive: Bool?
        var inSet: [String]?
    }

    struct Sort: Decodable, Sendable {
        enum Direction: String, Decodable, Sendable {
            case ascending = "ASC"
            case descending = "DESC"
        }

        var fieldName: String
        var direction: Direction?
        var numeric: Bool?
    }

    var contactListFilterId: String?
    var criteria: Criteria?
    var pageNumber: Int
    var pageSize: Int
    var contactSorts: [Sort]?

    /// Makes sure that the request can be answered for a list with these columns.
    func check(columns: [String]) throws {
        guard pageNumber >= 1, (1...PageRequest.sizeLimit).contains(pageSize) else {
            throw APIError.badRequest(
                "invalid.value",
                "pageNumber must be at least 1 and pageSize from 1 to \(PageRequest.sizeLimit)."
            )
        }
        if let contactListFilterId {
            throw APIError.badRequest("invalid.value", "There is no contact list filter [\(contactListFilterId)].")
        }
        let named = predicates.map(\.column) + (contactSorts ?? []).map(\.fieldName)
        if let unknown = named.first(where: { !columns.contains($0) }) {
            throw APIError.badRequest("invalid.value", "The contact list has no column [\(unknown)].")
        }
    }

    /// Whether the search is for all contacts in the order of their ids.
    var isPlain: Bool { predicates.isEmpty && (contactSorts ?? []).isEmpty }

    func matches(_ value: (_ column: String) -> String) -> Bool {
        guard let criteria else { return true }
        return (criteria.filterType ?? .and).holds(criteria.clauses ?? []) { clause in
            (clause.filterType ?? .and).holds(clause.predicates ?? []) { $0.holds(for: value($0.column)) }
        }
    }

    private var predicates: [Predicate] { (criteria?.clauses ?? []).flatMap { $0.predicates ?? [] } }
}

extension ContactSearch.Predicate {
    func holds(for text: String) -> Bool {
        let result = columnType == .numeric ? holdsForNumber(text) : holdsForText(text)
        return result != (inverted ?? false)
    }

    private func holdsForText(_ text: String) -> Bool {
        let value = value ?? ""
        return switch `operator` {
        case .contains: text.contains(value)
        case .beginsWith: text.hasPrefix(value)
        case .endsWith: text.hasSuffix(value)
        case .oneOf: (range?.inSet ?? []).contains(text)
        default: holds(for: text, against: value, min: range?.min, max: range?.max)
        }
    }

    /// A value that is no number matches nothing.
    private func holdsForNumber(_ text: String) -> Bool {
        switch `operator` {
        case .contains, .beginsWith, .endsWith: return holdsForText(text)
        case .oneOf:
            guard let number = Double(text) else { return false }
            return (range?.inSet ?? []).compactMap(Double.init).contains(number)
        default:
            guard let number = Double(text) else { return false }
            return holds(
                for: number,
                against: value.flatMap(Double.init),
                min: range?.min.flatMap(Double.init),
                max: range?.max.flatMap(Double.init)
            )
        }
    }

    private func holds<Value: Comparable>(for own: Value, against value: Value?, min: Value?, max: Value?) -> Bool {
        if `operator` == .between {
            let isAbove = min.map { range?.minInclusive == true ? own >= $0 : own > $0 } ?? true
            let isBelow = max.map { range?.maxInclusive == true ? own <= $0 : own < $0 } ?? true
            return isAbove && isBelow
        }
        guard let value else { return false }
        return switch `operator` {
        case .equals: own == value
        case .lessThan, .before: own < value
        case .lessThanEquals: own <= value
        case .greaterThan, .after: own > value
        case .greaterThanEquals: own >= value
        case .contains, .beginsWith, .endsWith, .between, .oneOf: false
        }
    }
}

extension ContactSearch.Sort {
    /// Whether one value comes before another by this sort; nil if it does not tell them apart.
    func precedes(_ one: String, _ other: String) -> Bool? {
        if numeric == true {
            let (first, second) = (Double(one) ?? -.infinity, Double(other) ?? -.infinity)
            guard first != second else { return nil }
            return (first < second) == (direction != .descending)
        }
        guard one != other else { return nil }
        return (one < other) == (direction != .descending)
    }
}
