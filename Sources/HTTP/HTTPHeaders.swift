/// Header fields in the order they were sent or received; names are compared without regard to case.
public struct HTTPHeaders: Sendable, Equatable {
    /// One header field.
    public struct Field: Sendable, Equatable {
        public let name: String
        public let value: String
    }

    /// All fields, repeated names included.
    public private(set) var fields: [Field] = []

    public init() {}

    /// The value of the first field of this name; setting replaces every field of the name, `nil` removes them.
    public subscript(name: String) -> String? {
        get {
            fields.first { Self.isSame($0.name, name) }?.value
        }
        set {
            fields.removeAll { Self.isSame($0.name, name) }
            if let newValue {
                add(name, newValue)
            }
        }
    }

    /// Adds a field after the others, also where one of the same name exists (`Set-Cookie`).
    public mutating func add(_ name: String, _ value: String) {
        fields.append(Field(name: name, value: value))
    }

    /// Compares field names as RFC 9110 5.1 has it: ASCII letters without regard to case.
    private static func isSame(_ first: String, _ second: String) -> Bool {
        first.utf8.count == second.utf8.count && zip(first.utf8, second.utf8).allSatisfy { lower($0) == lower($1) }
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}

extension HTTPHeaders: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements {
            add(name, value)
        }
    }
}
