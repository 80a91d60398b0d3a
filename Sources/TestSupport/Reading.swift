public import RollcallCore
internal import Testing

/// All that a source handed over.
public struct Reading: Sendable, Equatable {
    public var names: [String] = []
    public var rows: [[String?]] = []
    public var unreadable: [UnreadableRow] = []
    /// What ended the reading early.
    public var failure: String?

    /// `3 stray_quote`: line and code of each row that could not be read.
    public var flaws: [String] { unreadable.map { "\($0.line) \($0.code)" } }
}

extension UnreadableRow {
    /// The number of its line, as its place says: 17 for `leads.csv:17`.
    public var line: Int { Int(place.split(separator: ":").last?.prefix { $0 != " " } ?? "") ?? 0 }
}

extension Source {
    /// Opens the source for all its columns.
    public func open(after position: Position?) async throws -> any SourceReader {
        try await open(after: position) { Set($0.names) }
    }

    /// Reads to the end, or to what ends the reading early.
    public func read(atMost rowCount: Int = 1_000, after position: Position? = nil) async throws -> Reading {
        let reader = try await open(after: position)
        var reading = Reading(names: reader.schema.names)
        do {
            while let batch = try await reader.next(atMost: rowCount) {
                #expect(batch.rowCount + batch.unreadable.count <= rowCount)
                reading.take(batch)
            }
        } catch let error as RollcallError {
            #expect(error.disposition == .fatal)
            reading.failure = error.description
        }
        await reader.close()
        return reading
    }

    /// Opens, reads so many batches, and tells what they hold and where the last of them ends.
    public func begin(batches: Int, of rowCount: Int) async throws -> (reading: Reading, position: Position?) {
        let reader = try await open(after: nil)
        var reading = Reading(names: reader.schema.names)
        var position: Position?
        for _ in 0..<batches {
            guard let batch = try await reader.next(atMost: rowCount) else { break }
            reading.take(batch)
            position = batch.position
        }
        await reader.close()
        return (reading, position)
    }
}

extension Reading {
    mutating func take(_ batch: Batch) {
        rows += batch.rows
        unreadable += batch.unreadable
    }
}
