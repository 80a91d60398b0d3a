internal import RollcallCore
internal import RollcallFiles

/// The settings of a JSON source, read.
struct JSONOptions: FileOptions {
    var pattern: FilePattern
    var key: [String]
    var columns: DeclaredColumns
    /// Where each column is within a record.
    var paths: [JSONPath]
    /// Nil where the file itself tells.
    var format: RecordFinder.Format?
    /// Where the array of records is within the document.
    var recordsAt = JSONPath([])
    var encoding = TextEncoding.utf8
    var maxRecordBytes = 1 << 24
    /// Whether reading ends at the first record that cannot be read.
    var stopsAtUnreadable = false
}
