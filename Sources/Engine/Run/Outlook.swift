internal import RollcallCore
internal import RollcallLedger

/// A look at the rows of a run before anything is sent: how many contacts would lose theirs.
///
/// Only so a guard can stop the run with nothing done. It costs a second reading of the source.
struct Outlook: Sendable {
    let pipeline: Pipeline
    let reader: SourceListReader
    let chain: TransformChain
    /// What is known; only the keys of rows that cannot be read are added.
    let keeper: LedgerKeeper
    let isFullPass: Bool
    let rowsAtOnce: Int

    /// Reads all rows for the steps that must see them first.
    ///
    /// - Throws: as `TransformChain.survey`.
    func survey() async throws {
        keeper.noteUnreadable(try await chain.survey(reader, keyColumns: pipeline.sources.keyColumns))
    }

    /// - Returns: The contacts that would lose their rows, all that have one, and the rows that were read.
    /// - Throws: `CancellationError`. Where the source or a step fails, the rows before that count: the run comes there, too,
    ///   and says so.
    func look() async throws -> (leaving: Int, whole: Int, read: Int) {
        let trial = keeper.copy()
        trial.begin(reader)
        var read = 0
        var isComplete = false
        var unidentified = 0
        do {
            while let batch = try await reader.next(atMost: rowsAtOnce) {
                let transformed = try await chain.apply(batch)
                let contacts = await trial.contacts(of: [transformed.batch])
                _ = try trial.match(transformed, contacts[0], from: batch, isLookedUp: false)
                let unreadable = UnreadableRows(with: batch, pipeline.sources.keyColumns)
                keeper.noteUnreadable(unreadable)
                read += batch.rowCount + batch.unreadable.count
                unidentified += KeyColumns(pipeline.sources.keyColumns, of: batch).unidentified(in: batch)
            }
            isComplete = true
            _ = trial.settleSuperseded()
        } catch {
            try Task.checkCancellation()
        }
        let seesMissing = isFullPass && isComplete && unidentified == 0
        let before = keeper.withLedger { $0 }
        let leaving = trial.withLedger { after in
            before.places.count { place in
                before.hasRow(place) && (!after.hasRow(place) || seesMissing && after.mark(place) == .unseen)
            }
        }
        // Of a source that failed at its first row nobody knows whether it is empty.
        let whole = before.count(of: .current) + before.count(of: .returning)
        return (leaving, whole, isComplete ? read : max(read, 1))
    }
}
