@testable import GenesysCloud

/// Makes JSON arrays of contacts from a seed, with everything that JSON allows.
struct RandomDocuments {
    private var random: SplitMix64
    private var text: [UInt8] = []

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
    }

    mutating func contacts() -> [UInt8] {
        text = []
        space()
        list(from: "[", to: "]", count: pick(0...6)) { $0.contact() }
        space()
        return text
    }

    /// Changes, removes or repeats a few bytes.
    mutating func damaged(_ json: [UInt8]) -> [UInt8] {
        var json = json
        let marks = Array("\"\\{}[]:,01-+.eEtfn \n".utf8)
        for _ in 0..<pick(1...3) where !json.isEmpty {
            let index = pick(0...json.count - 1)
            switch pick(0...3) {
            case 0: json.remove(at: index)
            case 1: json.insert(marks[pick(0...marks.count - 1)], at: index)
            case 2 where json[index] < 0x80: json[index] = marks[pick(0...marks.count - 1)]
            default: json.removeSubrange(index..<min(index + pick(1...9), json.count))
            }
        }
        return json
    }

    private mutating func contact() {
        let count = pick(0...5)
        let place = pick(0...count)
        var key = 0
        list(from: "{", to: "}", count: count + 1) { document in
            if key == place {
                document.append(document.pick(0...3) == 0 ? #""\u0069d""# : #""id""#)
            } else {
                document.append("\"k\(key)")
                document.append(document.pick(0...2) == 0 ? #"\"id\"""# : "\"")
            }
            document.colon()
            if key == place {
                document.string()
            } else {
                document.value(depth: 0)
            }
            key += 1
        }
    }

    private mutating func value(depth: Int) {
        switch pick(0...(depth < 4 ? 9 : 6)) {
        case 0: append("true")
        case 1: append("false")
        case 2: append("null")
        case 3: append(["0", "-0", "17", "-3.25", "1e5", "2E-3", "0.5e+2"][pick(0...6)])
        case 4...6: string()
        case 7: list(from: "[", to: "]", count: pick(0...4)) { $0.value(depth: depth + 1) }
        default:
            var key = 0
            list(from: "{", to: "}", count: pick(0...4)) { document in
                document.append(key == 0 ? "\"id\"" : "\"\(key)\"")
                document.colon()
                document.value(depth: depth + 1)
                key += 1
            }
        }
    }

    private mutating func string() {
        append("\"")
        for _ in 0..<pick(0...30) {
            switch pick(0...15) {
            case 0: append(["\\\"", "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t"][pick(0...7)])
            case 1: append(["\\u00e9", "\\u4E2D", "\\ud83d\\ude00", "\\u0022", "\\u005c"][pick(0...4)])
            case 2: append(["é", "ж", "中", "😀"][pick(0...3)])
            case 3: append(["{", "}", "[", "]", ":", ","][pick(0...5)])
            default: text.append(UInt8(pick(0x61...0x7A)))
            }
        }
        append("\"")
    }

    private mutating func list(from start: String, to end: String, count: Int, _ item: (inout Self) -> Void) {
        append(start)
        space()
        for index in 0..<count {
            if index > 0 {
                append(",")
                space()
            }
            item(&self)
            space()
        }
        append(end)
    }

    private mutating func colon() {
        space()
        append(":")
        space()
    }

    private mutating func space() {
        if pick(0...3) == 0 {
            append(["\n", " ", "\t", "\r\n  "][pick(0...3)])
        }
    }

    private mutating func append(_ part: String) {
        text += Array(part.utf8)
    }

    private mutating func pick(_ range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &random)
    }
}
