// Looks for records in whatever libFuzzer makes up, in one piece and in many; `scripts/fuzz json` compiles and runs it.

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJSON(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    // The first bytes choose the rules and the size of the pieces; the others are the file.
    guard input.count > 2 else { return 0 }
    // Whoever reads the file makes well-formed text of it.
    let text = Array(String(decoding: input.dropFirst(2), as: UTF8.self).utf8)
    let rules = rules(input[0])
    let whole = Finding.find(in: text, pieces: text.count + 1, rules)
    let pieces = Finding.find(in: text, pieces: 1 + Int(input[1]), rules, atMost: 1 + Int(input[1] % 3))
    precondition(whole == pieces, "what is found depends on how the text was cut into pieces")
    if rules.maxRecordBytes > text.count { checkStrictness(whole, text, rules) }
    return 0
}

private func rules(_ choice: UInt8) -> RecordRules {
    var rules = RecordRules()
    rules.format = [nil, .lines, .document, .document][Int(choice & 3)]
    if choice & 3 == 3 { rules.recordsAt = JSONPath(["d", "1"]) }
    if choice & 4 != 0 { rules.maxRecordBytes = 30 }
    return rules
}

/// What is taken for right must be JSON, and the other way round.
private func checkStrictness(_ findings: [Finding], _ text: [UInt8], _ rules: RecordRules) {
    let first = text.first { !Lexis.isBlank($0) }
    let isDocument = rules.format.map { $0 == .document } ?? (first == Lexis.arrayStart)
    if isDocument { checkDocument(findings, text, rules) } else { checkLines(findings, text) }
}

private func checkDocument(_ findings: [Finding], _ text: [UInt8], _ rules: RecordRules) {
    let json = StrictJSON(text)
    switch findings.last {
    // It may be JSON all the same.
    case .fault(.noArray, _), .fault(.noRecords, _), .fault(.repeatedPath, _): return
    case .fault: precondition(json == nil, "a document that is JSON was refused")
    default:
        precondition(json != nil, "a document that is not JSON was accepted")
        guard rules.recordsAt.steps.isEmpty else { return }
        precondition(json?.elementCount == findings.count, "an element was left out, or found twice")
    }
}

private func checkLines(_ findings: [Finding], _ text: [UInt8]) {
    var findings = findings[...]
    for (index, line) in text.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
    where !line.allSatisfy(Lexis.isBlank) {
        guard case .record(index + 1, let flaw, _)? = findings.popFirst() else {
            preconditionFailure("a line was left out")
        }
        guard let json = StrictJSON(line) else {
            precondition(flaw != nil && flaw != "no_object", "a line that is not JSON was accepted")
            continue
        }
        precondition(flaw == (json.isObject ? nil : "no_object"), "a line that is JSON was refused")
    }
    precondition(findings.isEmpty, "a line was found that is none")
}
