/// A contact as the API gives it back; `data` is personal.
public struct Contact: Sendable, Equatable {
    public let id: String
    /// The value of each column.
    public let data: [String: String]
    /// False once the dialler must not call the contact any more.
    public let callable: Bool?
}

extension Contact: Decodable {
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        id = try fields.decode(String.self, forKey: .id)
        data = try fields.decodeIfPresent([String: String].self, forKey: .data) ?? [:]
        callable = try fields.decodeIfPresent(Bool.self, forKey: .callable)
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case data
        case callable
    }
}

extension Contact: CustomStringConvertible, CustomReflectable {
    /// Without the data, so that a log or a test failure shows no one's name or number.
    public var description: String { "contact with \(data.count) columns" }
    public var customMirror: Mirror { Mirror(self, children: ["columns": data.count]) }
}
