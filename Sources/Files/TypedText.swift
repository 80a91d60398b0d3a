internal import Foundation
package import RollcallCore

/// What the text of a value is as a value of a type.
package enum TypedText: Sendable, Hashable {
    /// It stands as the type wants it, in this part of the text.
    case part(Range<Int>)
    /// It must be written so.
    case written([UInt8])
    /// It is no value of the type.
    case none
}

extension LogicalType {
    /// Reads the text of a value that is not null; columns of this type hold what comes of it.
    ///
    /// In a key, `007` is `7`: two ways to write one number are no two persons. Elsewhere digits stay, as they may be those of a phone.
    package func read(_ text: Span<UInt8>, isKey: Bool = false) -> TypedText {
        let whole = 0..<text.count
        switch self {
        case .text: return .part(whole)
        case .integer: return integerText(text, isKey: isKey)
        case .decimal: return decimalText(text)
        case .boolean: return booleanText(text)
        case .date: return text.count == 10 && isDate(text) ? .part(whole) : .none
        case .timestamp: return timestampText(text)
        case .json: return isJSON(text) ? .part(whole) : .none
        }
    }

    /// How a message shows the type.
    package var example: String {
        switch self {
        case .text: "text"
        case .integer: "a whole number such as -42"
        case .decimal: "a number such as 10.50"
        case .boolean: "true or false"
        case .date: "a date such as 2026-01-31"
        case .timestamp: "a time such as 2026-01-31T08:30:00Z"
        case .json: "a JSON document"
        }
    }
}

extension LogicalType {
    /// The cell of a value that is not null, as columns of this type hold it; nil where it is no value of the type.
    ///
    /// What must be written anew goes behind the arena.
    package func cell(_ cell: Cell, in arena: inout [UInt8], isKey: Bool) -> Cell? {
        switch read(arena.span.extracting(cell.range), isKey: isKey) {
        case .part(let part): Cell(cell.range.lowerBound + part.lowerBound..<cell.range.lowerBound + part.upperBound)
        case .written(let text): arena.appendCell(text)
        case .none: nil
        }
    }
}

extension [UInt8] {
    /// Appends a value to an arena.
    package mutating func appendCell(_ text: [UInt8]) -> Cell {
        let start = count
        append(contentsOf: text)
        return Cell(start..<count)
    }
}

private func integerText(_ text: Span<UInt8>, isKey: Bool) -> TypedText {
    let start = signLength(text)
    guard start < text.count, digits(text, from: start) == text.count else { return .none }
    if isKey, text[start] == UInt8(ascii: "0") {
        let first = (start..<text.count).first { text[$0] != UInt8(ascii: "0") } ?? text.count - 1
        guard text[0] == UInt8(ascii: "-"), text[first] != UInt8(ascii: "0") else { return .part(first..<text.count) }
        var written = [UInt8(ascii: "-")]
        written.appendBytes(text.extracting(first...))
        return .written(written)
    }
    // A zero has no sign: `-0` as a key is nobody else's than `0`.
    let isZero = (start..<text.count).allSatisfy { text[$0] == UInt8(ascii: "0") }
    return .part(text[0] == UInt8(ascii: "+") || isZero ? start..<text.count : 0..<text.count)
}

private func decimalText(_ text: Span<UInt8>) -> TypedText {
    let start = signLength(text)
    var place = digits(text, from: start)
    var count = place - start
    if place < text.count, text[place] == UInt8(ascii: ".") {
        let end = digits(text, from: place + 1)
        count += end - place - 1
        place = end
    }
    guard count > 0 else {
        return ["NaN", "Infinity", "-Infinity"].contains(where: { text.isEqual($0) }) ? .part(0..<text.count) : .none
    }
    if place < text.count, text[place] | 0x20 == UInt8(ascii: "e") {
        let exponent = place + 1 + signLength(text.extracting((place + 1)...))
        place = digits(text, from: exponent)
        guard place > exponent else { return .none }
    }
    guard place == text.count else { return .none }
    return .part(text[0] == UInt8(ascii: "+") ? 1..<text.count : 0..<text.count)
}

private func signLength(_ text: Span<UInt8>) -> Int {
    !text.isEmpty && (text[0] == UInt8(ascii: "-") || text[0] == UInt8(ascii: "+")) ? 1 : 0
}

/// Behind the digits from `start` on.
private func digits(_ text: Span<UInt8>, from start: Int) -> Int {
    var place = start
    while place < text.count, isDigit(text[place]) { place += 1 }
    return place
}

private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

private func booleanText(_ text: Span<UInt8>) -> TypedText {
    guard text.count <= 5 else { return .none }
    var lowercase: [UInt8] = []
    for index in text.indices { lowercase.append(text[index] | (text[index] >= 0x40 ? 0x20 : 0)) }
    switch String(decoding: lowercase, as: UTF8.self) {
    case "true", "t", "yes", "y", "1": return .written(Array("true".utf8))
    case "false", "f", "no", "n", "0": return .written(Array("false".utf8))
    default: return .none
    }
}

/// Whether the text begins with `2026-01-31`, and there is such a day.
private func isDate(_ text: Span<UInt8>) -> Bool {
    guard text.count >= 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"), let year = number(text, 0..<4),
        let month = number(text, 5..<7), let day = number(text, 8..<10), (1...12).contains(month)
    else { return false }
    let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return year > 0 && (1...days[month - 1]).contains(day)
}

private func number(_ text: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var number = 0
    for index in range {
        guard isDigit(text[index]) else { return nil }
        number = number * 10 + Int(text[index] - UInt8(ascii: "0"))
    }
    return number
}

/// ISO 8601 with a `T` or a blank; seconds, their fraction and the zone may be left out.
private func timestampText(_ text: Span<UInt8>) -> TypedText {
    guard text.count >= 16, isDate(text), text[10] | 0x20 == UInt8(ascii: "t") || text[10] == UInt8(ascii: " "),
        let end = endOfTime(text)
    else { return .none }
    guard let zone = zone(text.extracting(end...)) else { return .none }
    var written: [UInt8] = []
    written.reserveCapacity(text.count + 4)
    written.appendBytes(text.extracting(..<10))
    written.append(UInt8(ascii: "T"))
    written.appendBytes(text.extracting(11..<end))
    if end == 16 { written.append(contentsOf: ":00".utf8) }
    written.append(contentsOf: zone)
    return written.span.isEqual(text) ? .part(0..<text.count) : .written(written)
}

/// Behind `08:30`, `08:30:00` or `08:30:00.25`.
private func endOfTime(_ text: Span<UInt8>) -> Int? {
    let colon = UInt8(ascii: ":")
    guard let hour = number(text, 11..<13), hour < 24, text[13] == colon, let minute = number(text, 14..<16),
        minute < 60
    else { return nil }
    guard text.count > 16, text[16] == colon else { return 16 }
    guard text.count >= 19, let second = number(text, 17..<19), second < 60 else { return nil }
    guard text.count > 19, text[19] == UInt8(ascii: ".") else { return 19 }
    let end = digits(text, from: 20)
    return end > 20 ? end : nil
}

/// `Z`, `+02`, `+0200`, `+02:00` or nothing, as it is to be written; nil for something else.
private func zone(_ text: Span<UInt8>) -> [UInt8]? {
    if text.isEmpty { return [] }
    if text.count == 1 { return text[0] | 0x20 == UInt8(ascii: "z") ? [UInt8(ascii: "Z")] : nil }
    guard signLength(text) == 1, text.count >= 3, let hours = number(text, 1..<3), hours < 24 else { return nil }
    var minutes = 0..<0
    switch text.count {
    case 3: break
    case 5: minutes = 3..<5
    case 6 where text[3] == UInt8(ascii: ":"): minutes = 4..<6
    default: return nil
    }
    guard let count = number(text, minutes), count < 60 else { return nil }
    var written: [UInt8] = []
    written.appendBytes(text.extracting(..<3))
    written.append(UInt8(ascii: ":"))
    if minutes.isEmpty {
        written.append(contentsOf: "00".utf8)
    } else {
        written.appendBytes(text.extracting(minutes))
    }
    return written
}

private func isJSON(_ text: Span<UInt8>) -> Bool {
    let data = unsafe text.withUnsafeBytes { bytes in unsafe Data(bytes) }
    do {
        _ = try JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)
        return true
    } catch {
        return false
    }
}

extension Span<UInt8> {
    fileprivate func isEqual(_ word: String) -> Bool { isEqual(Array(word.utf8).span) }

    fileprivate func isEqual(_ other: Span<UInt8>) -> Bool {
        count == other.count && indices.allSatisfy { self[$0] == other[$0] }
    }
}
