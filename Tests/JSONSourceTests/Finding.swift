// The fuzzer compiles this file together with the finder; there is no module of its name there.
#if canImport(JSONSource)
@testable import JSONSource
#endif

/// What was found in a text, to compare.
enum Finding: Equatable {
    /// `words` are its place, what is wrong with it or its values.
    case record(line: Int, flaw: String?, words: String)
    /// What ended the text early.
    case fault(JSONFault.Kind, place: Int)

    var words: String {
        switch self {
        case .record(_, _, let words): words
        case .fault(let kind, let place): "\(kind) \(place)"
        }
    }

    /// Finds records with the columns `a` and `b.c` in text that comes in pieces of a size, as its reader would.
    static func find(in text: [UInt8], pieces size: Int, _ rules: RecordRules, atMost count: Int = 100) -> [Finding] {
        var finder = RecordFinder(PathTree([JSONPath(["a"]), JSONPath(["b", "c"])]), rules)
        var findings: [Finding] = []
        var (offset, end) = (0, 0)
        while true {
            let piece = RecordFinder.Piece(offset: offset, isEnd: end == text.count, faults: [])
            let (consumed, fault) = finder.scan(text.span.extracting(offset..<end), piece, atMost: count)
            var values = finder.scanner.values[...]
            for record in finder.found {
                findings.append(.record(record, values.prefix(2), text, offset: offset))
                if record.flaw == nil { values = values.dropFirst(2) }
            }
            precondition(values.isEmpty, "there are values of no record")
            if finder.found.isEmpty, let fault { return findings + [.fault(fault.kind, place: offset + fault.place)] }
            offset += consumed
            guard finder.found.isEmpty else { continue }
            guard end < text.count else { return findings }
            end = min(text.count, end + size)
        }
    }

    private static func record(
        _ record: FoundRecord,
        _ values: ArraySlice<RawValue>,
        _ text: [UInt8],
        offset: Int
    ) -> Finding {
        var words = "\(record.offset) line \(record.line)"
        switch record.flaw {
        case .malformed(let fault): words += " malformed \(fault.kind) \(offset + fault.place)"
        case let flaw?: words += " \(flaw.code)"
        case nil:
            for value in values {
                let range = offset + value.range.lowerBound..<offset + value.range.upperBound
                words += " \(value.kind) \(String(decoding: text[range], as: UTF8.self))"
            }
        }
        return .record(line: record.line, flaw: record.flaw?.code, words: words)
    }
}
