internal import PostgresCheckpoints
internal import RollcallLedger

/// The rows that earlier runs could not deliver, as far as this run has not dealt with them.
struct RejectBook: Sendable {
    private let maximumAttempts: Int
    private var open: [String: OpenReject]
    /// Those that this run has read.
    private var read: Set<String> = []

    init(_ rejects: [OpenReject] = [], maximumAttempts: Int) {
        self.maximumAttempts = maximumAttempts
        open = Dictionary(rejects.map { ($0.key, $0) }) { $1 }
    }

    var isEmpty: Bool { open.isEmpty }

    /// Whether the destination has refused just this content as often as it may.
    ///
    /// Takes note that the row was read.
    mutating func holdsBack(_ key: String, _ digest: RowDigest) -> Bool {
        guard let reject = open[key] else { return false }
        read.insert(key)
        return reject.attempts >= maximumAttempts && reject.content == digest.bytes
    }

    /// Whether the row was a reject, which it no longer is.
    mutating func close(_ key: String) -> Bool {
        open.removeValue(forKey: key) != nil
    }

    /// Takes note that the row was read, so that this run does not read it once more.
    mutating func noteRead(_ key: String) { read.insert(key) }

    /// Rows that this run has not read.
    var unread: [OpenReject] { open.values.filter { !read.contains($0.key) }.sorted { $0.key < $1.key } }

    /// Those of them that are worth another attempt, and can be found in the source.
    var due: [OpenReject] { unread.filter { $0.attempts < maximumAttempts && $0.keyValues != nil } }
}
