import Foundation

/// JSON as the service writes it: camelCase keys, dates in UTC with milliseconds.
enum GenesysJSON {
    private static let dateStyle = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    static func text(of date: Date) -> String {
        date.formatted(dateStyle)
    }

    static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(text(of: date))
        }
        return try encoder.encode(value)
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            let text = try container.decode(String.self)
            if let date = try? dateStyle.parse(text) { return date }
            if let date = try? Date.ISO8601FormatStyle().parse(text) { return date }
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a date: \(text)")
        }
        return try decoder.decode(type, from: data)
    }
}

extension Decoder {
    /// Throws if the object has a key that is not among those of the type: a misspelt setting must not pass for a default.
    func refuseKeys<Keys: CodingKey & CaseIterable & RawRepresentable<String>>(otherThan known: Keys.Type) throws {
        let names = Set(Keys.allCases.map(\.rawValue))
        let found = try container(keyedBy: AnyKey.self).allKeys
        guard let stranger = found.first(where: { !names.contains($0.stringValue) }) else { return }
        throw DecodingError.dataCorrupted(
            DecodingError.Context(
                codingPath: codingPath,
                debugDescription:
                    "unknown key `\(stranger.stringValue)`; known are \(names.sorted().joined(separator: ", "))"
            )
        )
    }
}

/// Any key of an object.
private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) {
        self.stringValue = stringValue
    }

    init?(intValue: Int) {
        nil
    }
}
