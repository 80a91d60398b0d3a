// Takes lines of COPY apart as the source does and as its format says, one byte after the other; `scripts/fuzz copy` runs it.
internal import RollcallCore

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzCopy(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    // The first byte chooses the types of three columns; the others are the lines.
    guard let choice = input.first else { return 0 }
    let types = [0, 2, 4].map { [LogicalType.text, .boolean, .timestamp, .text][Int(choice >> $0) & 3] }
    guard let schema = try? Schema(types.enumerated().map { Schema.Column("c\($0)", $1) }) else { return 0 }
    var rows = CopyTextRows(schema: schema, rowCapacity: 1)
    var expected: [[[UInt8]?]] = []
    for line in input.dropFirst().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
        let values = decoded(Array(line), types)
        do {
            try rows.append(Array(line).span)
        } catch {
            precondition(values == nil, "a good line is refused: \(error)")
            return 0
        }
        guard let values else { preconditionFailure("a bad line is taken") }
        expected.append(values)
    }
    let batch = rows.finish(position: nil)
    precondition(batch.rowCount == expected.count)
    for (row, values) in expected.enumerated() {
        for (column, value) in values.enumerated() {
            let cell = batch.columns[column].cells[row]
            let found = cell.isNull ? nil : Array(batch.columns[column].arena[cell.range])
            precondition(found == value, "row \(row), column \(column): \(found ?? []) for \(value ?? [])")
        }
    }
    return 0
}

/// The values of a line; nil where COPY would not write it.
private func decoded(_ line: [UInt8], _ types: [LogicalType]) -> [[UInt8]?]? {
    let fields = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false).map { Array($0) }
    guard fields.count == types.count else { return nil }
    var values: [[UInt8]?] = []
    for (field, type) in zip(fields, types) {
        if field == Array("\\N".utf8) {
            values.append(nil)
            continue
        }
        let value: [UInt8]? =
            switch type {
            case .boolean: ["t": "true", "f": "false"][String(decoding: field, as: UTF8.self)].map { Array($0.utf8) }
            case .timestamp: moment(field)
            default: text(field)
            }
        guard let value else { return nil }
        values.append(value)
    }
    return values
}

private func text(_ field: [UInt8]) -> [UInt8]? {
    let meanings = Dictionary(uniqueKeysWithValues: zip("bfnrtv\\".utf8, "\u{8}\u{C}\n\r\t\u{B}\\".utf8))
    var value: [UInt8] = []
    var rest = field[...]
    while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "\\") else {
            value.append(byte)
            continue
        }
        guard let escape = rest.popFirst(), let meaning = meanings[escape] else { return nil }
        value.append(meaning)
    }
    return value
}

/// A blank becomes `T`, the zone `Z`, unless the year is before Christ.
private func moment(_ field: [UInt8]) -> [UInt8]? {
    guard let last = field.last, !field.contains(UInt8(ascii: "\\")) else { return nil }
    let parts = field.split(separator: UInt8(ascii: " "), maxSplits: 1, omittingEmptySubsequences: false)
    guard last != UInt8(ascii: "C"), parts.count == 2 else { return field }
    let time = Array(parts[1])
    let signs = time.filter { "+-".utf8.contains($0) }.count
    if signs == 0 { return parts[0] + Array("T".utf8) + time }
    guard signs == 1, time.suffix(3) == Array("+00".utf8)[...] else { return nil }
    return parts[0] + Array("T".utf8) + time.dropLast(3) + Array("Z".utf8)
}
