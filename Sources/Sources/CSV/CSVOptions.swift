internal import RollcallCore
internal import RollcallFiles

/// The settings of a CSV source, read.
struct CSVOptions: FileOptions {
    var pattern: FilePattern
    var key: [String]
    var dialect = Dialect()
    var encoding = TextEncoding.utf8
    var hasHeader = true
    /// Whether a file without a header may have no row.
    var allowsEmpty = false
    var columns: DeclaredColumns?
    var nullValues: [[UInt8]] = []
    /// Whether reading ends at the first row that cannot be read.
    var stopsAtUnreadable = false
}
