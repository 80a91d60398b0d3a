internal import RollcallCore
internal import RollcallFiles

/// The settings of a JSON source, read.
struct JSONOptions: FileOptions {
    var pattern: FilePattern
    var key: [String]
    var columns: DeclaredColumns
    /// Where each column is within a record.
    var paths: [JSONPath]
    var encoding = TextEncoding.utf8
    /// Whether a file may have nothing in it.
    var allowsEmpty = false
    var rules = RecordRules()
}
