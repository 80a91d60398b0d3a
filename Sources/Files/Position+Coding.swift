internal import Foundation
package import RollcallCore

extension Position {
    package init(encoding place: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        self.init(json: String(decoding: try encoder.encode(place), as: UTF8.self))
    }

    /// - Parameters:
    ///   - type: What the source makes positions of.
    ///   - format: The source's name.
    /// - Returns: The place as it was encoded.
    /// - Throws: a configuration error for what no such source has made.
    package func decoded<Place: Decodable>(as type: Place.Type, of format: String) throws -> Place {
        do {
            return try JSONDecoder().decode(Place.self, from: Data(json.utf8))
        } catch {
            throw RollcallError(
                .configuration,
                "the checkpoint is no position of a \(format) source",
                hint: "begin anew with `rollcall checkpoint reset`: every row is read, and what differs is sent",
                cause: error
            )
        }
    }
}
