internal import Crypto
internal import RollcallCore

/// The table of a `lookup` as it was read: the values of the columns that are wanted, by key.
struct LookupTable: Sendable {
    /// What the columns mean: of the key, and of those that are wanted, in their order.
    struct Types: Sendable {
        let key: [LogicalType]
        let values: [LogicalType]

        /// The types in a schema that has all columns that the rules name.
        init(_ rules: LookupTableRules, _ schema: Schema) {
            key = rules.key.compactMap(schema.type)
            values = rules.values.compactMap(schema.type)
        }
    }

    let types: Types
    /// By their keys as they are written.
    let rows: KeyedRows
    /// Which columns of the key have values that are no numbers, or not written plainly.
    let hasOtherNumbers: [Bool]
    /// Of everything that the step can make use of; the order of the rows is no part of it.
    let digest: [UInt8]
    let remarks: [String]

    /// The rows by keys in which the values of some columns are numbers, and not texts.
    ///
    /// - Parameters:
    ///   - asNumber: Whether they are, for each column of the key.
    ///   - rules: Those that the table was read by.
    /// - Returns: Those as they were read, where that is the same.
    /// - Throws: a preflight error where two rows have the same numbers and other values.
    func rows(asNumber: [Bool], _ rules: LookupTableRules) throws -> KeyedRows {
        guard zip(asNumber, hasOtherNumbers).contains(where: { $0 && $1 }) else { return rows }
        var other = KeyedRows()
        let arena = rows.arena.span
        for (start, number) in rows.places {
            var place = start
            var key: [UInt8] = []
            for asNumber in asNumber {
                guard let range = rows.arena.field(at: &place) else { preconditionFailure("a key has no NULL") }
                LookupKey.append(arena.extracting(range), asNumber: asNumber, to: &key)
            }
            let values = place
            for _ in types.values { _ = rows.arena.field(at: &place) }
            let insertion = other.insert(key, Array(rows.arena[values..<place]), number: number)
            if case .contradicted(let first) = insertion { throw rules.contradiction(first, number) }
        }
        return other
    }
}

/// What is read of a table, and what may be wrong with it.
struct LookupTableRules: Sendable {
    let key: [String]
    let values: [String]
    /// Whether rows that cannot be read, or have no key, count as not there.
    let skipsUnusableRows: Bool
    let maximumRows: Int

    func contradiction(_ first: Int, _ second: Int) -> RollcallError {
        let key = key.joined(separator: ", ")
        return RollcallError(
            .preflight,
            "rows \(first) and \(second) of the table, in the order they are read in, have the same \(key) and other values",
            hint: "leave one row for each key, or name more columns in the source's `key` and in `on`"
        )
    }
}

/// Makes a table of the batches of its source.
struct LookupTableBuilder {
    private let rules: LookupTableRules
    private let types: LookupTable.Types
    private let keyColumns: [Int]
    private let valueColumns: [Int]
    private var rows = KeyedRows()
    private var hasOtherNumbers: [Bool]
    private var digest: TableDigest
    /// Rows that were read so far.
    private var number = 0
    private var unusable = UnusableRows()

    /// A table without rows yet, whose source has this schema, and in it all columns that the rules name.
    init(_ rules: LookupTableRules, _ schema: Schema) {
        self.rules = rules
        types = LookupTable.Types(rules, schema)
        keyColumns = rules.key.compactMap(schema.index(of:))
        valueColumns = rules.values.compactMap(schema.index(of:))
        hasOtherNumbers = types.key.map { _ in false }
        digest = TableDigest(types: types.key + types.values)
    }

    /// - Throws: a preflight error for rows that are not as the rules want them, with their places and without their values.
    mutating func add(_ batch: Batch) throws {
        for row in batch.unreadable { try pass("\(row.place): \(row.reason)") }
        try batch.withPinnedColumns { columns in
            let keys = keyColumns.map { (values: columns[$0], asNumber: false) }
            let numbers = types.key.indices.filter { types.key[$0].isNumber || types.key[$0] == .text }
            let values = valueColumns.map { columns[$0] }
            var key: [UInt8] = []
            var fields: [UInt8] = []
            for row in 0..<batch.rowCount {
                number += 1
                key.removeAll(keepingCapacity: true)
                guard LookupKey.append(row, keys, to: &key) else {
                    try pass("row \(number) of the table has no \(rules.key.joined(separator: ", "))")
                    continue
                }
                for column in numbers where !hasOtherNumbers[column] {
                    hasOtherNumbers[column] = !keys[column].values.withBytes(of: row) { PlainNumber.isPlain($0) }
                }
                fields.removeAll(keepingCapacity: true)
                fields.append(values, of: row)
                try insert(key, fields)
            }
        }
    }

    func finish() -> LookupTable {
        LookupTable(
            types: types,
            rows: rows,
            hasOtherNumbers: hasOtherNumbers,
            digest: digest.bytes,
            remarks: unusable.remarks
        )
    }

    private mutating func insert(_ key: [UInt8], _ fields: [UInt8]) throws {
        switch rows.insert(key, fields, number: number) {
        case .added: digest.add(key, fields)
        case .known: return
        case .contradicted(let other): throw rules.contradiction(other, number)
        }
        guard rows.count <= rules.maximumRows else {
            throw RollcallError(
                .preflight,
                "the table has more rows than `max_rows`, which is \(rules.maximumRows)",
                hint: "raise it if the memory is there: each row takes 27 bytes and its values"
            )
        }
    }

    private mutating func pass(_ words: String) throws {
        guard rules.skipsUnusableRows else {
            throw RollcallError(
                .preflight,
                "the table has a row that cannot be used: \(words)",
                hint: "mend it, or leave such rows out; with `on_error: skip` they count as not there"
            )
        }
        unusable.add(words)
    }
}

/// Rows that count as not there.
private struct UnusableRows {
    private var count = 0
    private var first = ""

    mutating func add(_ words: String) {
        if count == 0 { first = words }
        count += 1
    }

    var remarks: [String] {
        guard count > 0 else { return [] }
        return [
            "\(count == 1 ? "1 row" : "\(count) rows") of the table cannot be used and \(count == 1 ? "counts" : "count") as not there, the first: \(first)"
        ]
    }
}

/// A digest of rows in whatever order: the sum of theirs.
private struct TableDigest {
    private let types: [LogicalType]
    private var count = 0
    private var sum = SIMD4<UInt64>()

    init(types: [LogicalType]) {
        self.types = types
    }

    mutating func add(_ key: [UInt8], _ fields: [UInt8]) {
        var hash = SHA256()
        hash.update(data: key)
        hash.update(data: fields)
        count += 1
        sum &+= unsafe hash.finalize().withUnsafeBytes { unsafe $0.loadUnaligned(as: SIMD4<UInt64>.self) }
    }

    var bytes: [UInt8] {
        let words = "\(types.map(\.rawValue)) \(count) \(sum)"
        return Array(SHA256.hash(data: Array(words.utf8)))
    }
}

extension [UInt8] {
    /// Appends the values of a row as fields.
    fileprivate mutating func append(_ columns: [PinnedColumn], of row: Int) {
        for column in columns {
            if column[row].isNull {
                appendNullField()
            } else {
                column.withBytes(of: row) { appendField($0) }
            }
        }
    }
}
