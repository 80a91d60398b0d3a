internal import Foundation
internal import RollcallCore

/// A place between two lines of a file, and which file that was.
struct LinePosition: Codable, Sendable {
    /// What a file is known again by: one that was written anew is another.
    struct File: Codable, Sendable, Equatable {
        var number: UInt64
        var bytes: UInt64
        var changed: Double

        /// - Throws: a preflight error where there is no such file.
        init(at path: String) throws {
            do {
                let attributes = try FileManager.default.attributesOfItem(atPath: path)
                number = (attributes[.systemFileNumber] as? NSNumber)?.uint64Value ?? 0
                bytes = (attributes[.size] as? NSNumber)?.uint64Value ?? 0
                changed = (attributes[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
            } catch {
                throw RollcallError(
                    .preflight,
                    "\(path) cannot be read",
                    hint: "a path that does not begin with / is meant from the folder of the pipeline file",
                    cause: error
                )
            }
        }
    }

    var file: File
    /// How many bytes are behind the reader.
    var offset: UInt64
    /// The number of the next line.
    var line: Int
}

extension LinePosition {
    /// - Throws: a configuration error for the position of another source.
    init(_ position: Position) throws {
        do {
            self = try JSONDecoder().decode(LinePosition.self, from: Data(position.json.utf8))
        } catch {
            throw RollcallError(
                .configuration,
                "the checkpoint is no position of a fixed_width source",
                hint: "begin anew with `checkpoint reset`: every row is read, and what differs is sent",
                cause: error
            )
        }
    }

    func position() throws -> Position {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return Position(json: String(decoding: try encoder.encode(self), as: UTF8.self))
    }
}
