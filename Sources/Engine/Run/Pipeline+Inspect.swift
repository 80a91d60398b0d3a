public import RollcallCore

extension Pipeline {
    /// Rows that are looked at; so many show what is wrong with all.
    private static let sample = 1000

    /// Reads the first rows of each source, takes them through the steps, and looks whether they fit the destination; nothing is sent or recorded.
    ///
    /// - Parameter report: Hears what a person may want to know, and nothing stops for.
    /// - Throws: what opening and reading the source throws, configuration errors of transforms and sink, and preflight errors of
    ///   the destination.
    public func inspect(report: @escaping @Sendable (SinkNotice) -> Void) async throws {
        var pipeline = try await prepared()
        // What is gone once it was read is opened once: of several sources, the first rows of all are looked at then.
        let isOneReading = !sources.isList || !sources.canBeReadAgain
        let sample = isOneReading ? Self.sample : 0
        let whole = try await Preview.read(prepared: pipeline, rows: sample, atMost: sample)
        for reservation in whole.reservations { report(SinkNotice(reservation, isWarning: true)) }
        if isOneReading {
            for doubt in whole.doubts() { report(SinkNotice(doubt, isWarning: true)) }
        } else {
            var previews: [(name: String, preview: Preview)] = []
            for source in sources.singly {
                pipeline.sources = source
                let preview = try await Preview.read(prepared: pipeline, rows: Self.sample, atMost: Self.sample)
                previews.append((source.members[0].name, preview))
            }
            // One of several may be there to say no.
            let saysYes = previews.contains { !$0.preview.rows.isEmpty }
            for (name, preview) in previews {
                for doubt in preview.doubts(mayPassNone: saysYes) {
                    report(SinkNotice("\(name): \(doubt)", isWarning: true))
                }
            }
        }
        try await sink.running { try await $0.inspect(whole.schema, report: report) }
    }
}

extension Preview {
    /// Rows from which on a column without any value is no chance.
    private static let telling = 100

    /// What looks as if it was not meant, for a person.
    fileprivate func doubts(mayPassNone: Bool = false) -> [String] {
        guard balance.read > 0 else { return ["the source has no rows now"] }
        var doubts = reasons.prefix(3).map { reason, count in
            "\(count) of the first \(balance.read) rows would be refused: \(reason)"
        }
        doubts += remarks
        if rows.isEmpty, !mayPassNone {
            doubts.append("none of the first \(balance.read) rows comes through the steps")
        }
        let read = rows.map(\.source) + refused.compactMap(\.source)
        if read.count >= Self.telling {
            let empty = sourceSchema.names.indices.filter { column in read.allSatisfy { $0[column] == nil } }
            let names = empty.map { "\"\(sourceSchema.names[$0])\"" }
            if !names.isEmpty {
                doubts.append(
                    "without a value in any of the first \(balance.read) rows: \(names.joined(separator: ", "))"
                )
            }
        }
        return doubts
    }
}
