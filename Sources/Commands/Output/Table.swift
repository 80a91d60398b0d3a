/// Rows of text in aligned columns.
struct Table {
    /// How the cells of a column stand.
    enum Alignment {
        case left
        /// For numbers.
        case right
    }

    private let headings: [String]
    private let alignments: [Alignment]
    private var rows: [[String]] = []

    init(_ columns: [(heading: String, alignment: Alignment)]) {
        headings = columns.map(\.heading)
        alignments = columns.map(\.alignment)
    }

    mutating func add(_ cells: [String]) {
        rows.append(cells)
    }

    /// The table, headings first, without a newline at its end; columns are two blanks apart.
    var text: String {
        let lines = (headings.allSatisfy(\.isEmpty) ? [] : [headings]) + rows
        let widths = headings.indices.map { column in lines.map { $0[column].displayWidth }.max() ?? 0 }
        return lines.map { line in
            let cells = zip(zip(line, widths), alignments).map { cell, alignment in
                let padding = String(repeating: " ", count: cell.1 - cell.0.displayWidth)
                return alignment == .left ? cell.0 + padding : padding + cell.0
            }
            return cells.joined(separator: "  ").trimmingTrailingBlanks
        }
        .joined(separator: "\n")
    }
}

extension String {
    /// With line breaks and other controls as escapes, so that a value neither breaks its line nor changes the terminal.
    var onOneLine: String {
        unicodeScalars.map { scalar in
            scalar.properties.generalCategory == .control ? scalar.escaped(asASCII: true) : String(scalar)
        }
        .joined()
    }

    /// Columns of a terminal that the text takes: East Asian wide characters and emoji take two.
    var displayWidth: Int {
        reduce(0) { width, character in
            guard let scalar = character.unicodeScalars.first else { return width }
            let isWide =
                scalar.properties.isEmojiPresentation || (0x1100...0x115F).contains(scalar.value)
                || (0x2E80...0xA4CF).contains(scalar.value) || (0xAC00...0xD7A3).contains(scalar.value)
                || (0xF900...0xFAFF).contains(scalar.value) || (0xFE30...0xFE6F).contains(scalar.value)
                || (0xFF00...0xFF60).contains(scalar.value) || (0xFFE0...0xFFE6).contains(scalar.value)
            return width + (isWide ? 2 : 1)
        }
    }

    fileprivate var trimmingTrailingBlanks: String {
        String(reversed().drop { $0 == " " }.reversed())
    }
}

extension Int {
    /// `1 row`, `1,234 rows`.
    func counted(_ noun: String) -> String { "\(grouped) \(noun)\(self == 1 ? "" : "s")" }

    /// With a comma between thousands: `1,234,567`.
    var grouped: String {
        let digits = String(magnitude)
        var grouped = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { grouped += "," }
            grouped.append(digit)
        }
        return self < 0 ? "-" + grouped : grouped
    }
}

extension Duration {
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }

    /// To a whole number.
    var milliseconds: Double { (seconds * 1000).rounded() }

    /// For a person: `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`.
    var phrase: String {
        let whole = Int(seconds.rounded())
        switch seconds {
        case ..<10: return "\((seconds * 10).rounded() / 10) s"
        case ..<120: return "\(whole) s"
        case ..<7200: return "\(whole / 60) min \(whole % 60) s"
        default: return "\(whole / 3600) h \(whole % 3600 / 60) min"
        }
    }
}
