/// Where a row stands in the text that was scanned.
struct RawRow {
    /// The number of its first line in the file, from one.
    let line: Int
    /// How many lines it takes.
    let lineCount: Int
    /// With its line end.
    let range: Range<Int>
    /// Its cells among all that were scanned.
    let cells: Range<Int>
    let flaw: RowFlaw?

    var nextLine: Int { line + lineCount }
}
