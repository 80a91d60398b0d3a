/// A place between two tokens of a document, or within a string of it, and what may follow there.
struct DocumentState: Codable, Equatable {
    /// What may come next.
    enum Expectation: String, Codable {
        case value
        case valueOrEnd = "value_or_end"
        case name
        case nameOrEnd = "name_or_end"
        case colon
        case commaOrEnd = "comma_or_end"
        case nothing
    }

    /// A container that has begun and not ended.
    enum Container: String, Codable {
        case object
        case array
    }

    var expects = Expectation.value
    /// Whether the place is within a string that is passed by.
    var isInString = false
    /// From the outermost to the innermost.
    var containers: [Container] = []
    /// How many of them lead to the records; the array of records itself is the last of these.
    var onPath = 0
    /// How many elements the innermost of these has had, where it is an array before that of the records.
    var elementCount = 0
    /// Whether the last name leads to the records.
    var isNameOnPath = false
    var hasFoundRecords = false

    enum CodingKeys: String, CodingKey {
        case expects
        case isInString = "is_in_string"
        case containers
        case onPath = "on_path"
        case elementCount = "element_count"
        case isNameOnPath = "is_name_on_path"
        case hasFoundRecords = "has_found_records"
    }

    /// Notes that a value has begun that holds others.
    mutating func open(_ container: Container) {
        containers.append(container)
        expects = container == .object ? .nameOrEnd : .valueOrEnd
    }

    /// Notes that a value has ended.
    mutating func endValue() {
        expects = containers.isEmpty ? .nothing : .commaOrEnd
    }

    /// Notes the end of the innermost container.
    mutating func close(_ steps: [String]) {
        containers.removeLast()
        endValue()
        guard onPath > containers.count else { return }
        onPath = containers.count
        // An array that is gone on with had come to the element that its step names.
        if containers.last == .array, onPath <= steps.count { elementCount = (Int(steps[onPath - 1]) ?? -1) + 1 }
    }
}
