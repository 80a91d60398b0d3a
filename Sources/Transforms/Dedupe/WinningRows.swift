internal import RollcallCore

/// Lets one of rows with the same values through that is not known before all of them were seen: the last, or that of the highest rank.
///
/// A survey finds the winners by their places among the rows that arrive here; afterwards one bit for each row is all that is kept.
final class WinningRows: SurveyingStep {
    /// The column by which rows are ranked.
    struct Ranking {
        let column: Int
        let type: LogicalType
    }

    private struct Winner {
        var place: Int
        var rank: Rank
    }

    private let keys: DedupeKeys
    /// Nil where the last row wins.
    private let ranking: Ranking?
    private let hasChanged: RollcallError
    private var winners: [DigestSet.Element: Winner] = [:]
    private var passing = PlaceSet()
    /// How many rows the survey saw.
    private var count = 0
    /// How many rows of this reading have arrived.
    private var arrived = 0

    init(_ keys: DedupeKeys, by ranking: Ranking?, hasChanged: RollcallError) {
        self.keys = keys
        self.ranking = ranking
        self.hasChanged = hasChanged
    }

    func survey(_ batch: Batch) throws {
        batch.withPinnedColumns { pinned in
            let columns = keys.columns.map { pinned[$0] }
            for row in 0..<batch.rowCount {
                defer { count += 1 }
                guard let digest = keys.digest(row, columns) else {
                    passing.insert(count)
                    continue
                }
                let rank = ranking.map { Rank(pinned[$0.column], row, $0.type) } ?? .none
                if let best = winners[digest], ranking != nil, rank <= best.rank { continue }
                winners[digest] = Winner(place: count, rank: rank)
            }
        }
        try keys.check(winners.count)
    }

    func begin() {
        for winner in winners.values { passing.insert(winner.place) }
        winners = [:]
        arrived = 0
    }

    func apply(_ batch: Batch) throws -> Transformed {
        let first = arrived
        arrived += batch.rowCount
        guard arrived <= count else { throw hasChanged }
        return Transformed(of: batch, keys.digests(of: batch)) { passing.contains(first + $0) }
    }
}

/// Places of rows, in one bit each.
private struct PlaceSet {
    private var words: [UInt64] = []

    mutating func insert(_ place: Int) {
        let word = place / 64
        if word >= words.count { words += Array(repeating: 0, count: word + 1 - words.count) }
        words[word] |= 1 << UInt64(place % 64)
    }

    func contains(_ place: Int) -> Bool {
        let word = place / 64
        return word < words.count && words[word] & (1 << UInt64(place % 64)) != 0
    }
}
