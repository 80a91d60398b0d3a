/// Where the records of a file are, and what becomes of those that cannot be read.
struct RecordRules: Sendable {
    /// Nil where the file itself tells.
    var format: RecordFinder.Format?
    /// Where the array of records is within the document.
    var recordsAt = JSONPath([])
    var maxRecordBytes = 1 << 24
    /// Whether reading ends at the first record that cannot be read.
    var stopsAtUnreadable = false
}
