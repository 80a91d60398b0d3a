// Scans whatever libFuzzer makes up, in one piece and in many; `scripts/fuzz csv` compiles and runs it.

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzCSV(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    // The first bytes choose the dialect and the size of the pieces; the others are the file.
    guard input.count > 2 else { return 0 }
    let text = Array(input.dropFirst(2))
    let dialect = dialect(input[0])
    let whole = ScannedRow.scan(text, dialect, pieces: text.count)
    let pieces = ScannedRow.scan(text, dialect, pieces: 1 + Int(input[1]))
    precondition(whole == pieces, "the rows depend on how the text was cut into pieces")
    for (row, next) in zip(whole, whole.dropFirst()) {
        precondition(row.nextLine <= next.line, "a line belongs to two rows")
    }
    return 0
}

private func dialect(_ choice: UInt8) -> Dialect {
    var dialect = Dialect()
    if choice & 1 != 0 { dialect.escape = UInt8(ascii: "\\") }
    if choice & 2 != 0 { dialect.quote = nil }
    if choice & 4 != 0 { dialect.comment = Array("#".utf8) }
    if choice & 8 != 0 { dialect.trims = true }
    if choice & 16 != 0 { dialect.maxFieldBytes = 7 }
    if choice & 32 != 0 { dialect.delimiter = UInt8(ascii: "\t") }
    if choice & 64 != 0 { dialect.needsFinalLineEnd = true }
    return dialect
}
