import RollcallCore
import RollcallTestSupport
import Testing

/// A file that is hard to read, and how.
struct AwkwardFile: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    var delimiter = ","
    var quote: String? = "\""
    var escape: String?
    var encoding = "utf-8"

    init(
        _ name: String,
        _ text: String,
        delimiter: String = ",",
        quote: String? = "\"",
        escape: String? = nil
    ) {
        self.name = name
        bytes = Array(text.utf8)
        self.delimiter = delimiter
        self.quote = quote
        self.escape = escape
    }

    init(_ name: String, bytes: [UInt8], encoding: String) {
        self.name = name
        self.bytes = bytes
        self.encoding = encoding
    }

    var testDescription: String { name }

    var settings: [String: ConfigurationNode] {
        var settings: [String: ConfigurationNode] = [
            "delimiter": .init(stringLiteral: delimiter), "quote": .init(stringLiteral: quote ?? "none"),
            "encoding": .init(stringLiteral: encoding),
        ]
        if let escape { settings["escape"] = .init(stringLiteral: escape) }
        return settings
    }

    /// Files that Python's csv module reads, strict; all have a first column `a`.
    static let good: [AwkwardFile] =
        [
            AwkwardFile("plain", "a,b\n1,2\n"),
            AwkwardFile("header only", "a,b\n"),
            AwkwardFile("header without a line end", "a,b"),
            AwkwardFile("no final line end", "a,b\n1,2"),
            AwkwardFile("carriage returns and line feeds", "a,b\r\n1,2\r\n3,4\r\n"),
            AwkwardFile("carriage returns alone", "a,b\r1,2\r3,4\r"),
            AwkwardFile("all three line ends", "a,b\r1,2\n3,4\r\n5,6"),
            AwkwardFile("no final line end behind a carriage return", "a,b\r\n1,2\r"),
            AwkwardFile("doubled carriage returns", "a,b\r\r\n1,2\r\r\n"),
            AwkwardFile("empty lines", "\n\na,b\n\n1,2\n\n\n3,4\n\n"),
            AwkwardFile("empty lines with carriage returns", "\r\n\r\na,b\r\n\r\n1,2\r\n\r\n"),
            AwkwardFile("one column", "a\n1\n2\n"),
            AwkwardFile("one column, empty values in quotes", "a\n\"\"\n1\n\"\"\n"),
            AwkwardFile("empty values", "a,b,c\n,,\n1,,\n,,3\n"),
            AwkwardFile("empty values in quotes", "a,b\n\"\",\"\"\n"),
            AwkwardFile("everything in quotes", "\"a\",\"b\"\n\"1\",\"2\"\n"),
            AwkwardFile("a quoted header with a delimiter", "a,\"b,c\"\n1,2\n"),
            AwkwardFile("a quoted header with a line end", "a,\"b\nc\"\n1,2\n"),
            AwkwardFile("a delimiter within quotes", "a,b\n\"1,1\",2\n"),
            AwkwardFile("a line feed within quotes", "a,b\n\"1\n1\",2\n"),
            AwkwardFile("a carriage return and a line feed within quotes", "a,b\r\n\"1\r\n1\",2\r\n"),
            AwkwardFile("a carriage return within quotes", "a,b\n\"1\r1\",2\n"),
            AwkwardFile("empty lines within quotes", "a,b\n\"\n\n\n\",2\n"),
            AwkwardFile("line ends at the ends of a value", "a,b\n\"\n1\n\",\"\r\n2\r\n\"\n"),
            AwkwardFile("only line ends within quotes at the end", "a,b\n1,\"\n\""),
            AwkwardFile("doubled quotes", "a,b\n\"say \"\"hi\"\"\",2\n"),
            AwkwardFile("only doubled quotes", "a,b\n\"\"\"\",\"\"\"\"\"\"\n"),
            AwkwardFile("doubled quotes at the ends", "a,b\n\"\"\"1\",\"2\"\"\"\n"),
            AwkwardFile("quotes, delimiters and line ends together", "a,b\n\"\"\",\"\"\n\"\"\",\",\"\n"),
            AwkwardFile("blanks around values", "a, b\n 1 , 2 \n"),
            AwkwardFile("blanks within quotes", "a,b\n\" 1 \",\"\t2\"\n"),
            AwkwardFile("only blanks", "a,b\n  ,   \n"),
            AwkwardFile("tabs between values", "a\tb\n1,1\t2\n", delimiter: "\t"),
            AwkwardFile("tabs within quotes", "a\tb\n\"1\t1\"\t2\n", delimiter: "\t"),
            AwkwardFile("semicolons", "a;b\n1,5;\"2;2\"\n", delimiter: ";"),
            AwkwardFile("bars", "a|b\n1|\"|\"\n", delimiter: "|"),
            AwkwardFile("blanks between values", "a b\n1 \"2 2\"\n", delimiter: " "),
            AwkwardFile("letters between values", "axb\n1x2\n", delimiter: "x"),
            AwkwardFile("single quotes", "a,b\n'1,1','it''s'\n", quote: "'"),
            AwkwardFile("double quotes are text under single quotes", "a,b\n\"1\",'\"'\n", quote: "'"),
            AwkwardFile("no quotes", "a,b\n\"1\",2\"\n", quote: nil),
            AwkwardFile("no quotes, and one left open", "a,b\n\"1,2\n3,4\n", quote: nil),
            AwkwardFile("backslashes within quotes", "a,b\n\"say \\\"hi\\\"\",\"\\\\\"\n", escape: "\\"),
            AwkwardFile("backslashes outside quotes", "a,b\n1\\,1,2\\\"\n", escape: "\\"),
            AwkwardFile("a backslash before a line end", "a,b\n1\\\n1,2\n", escape: "\\"),
            AwkwardFile("a backslash before a letter", "a,b\n\\n,\"\\t\"\n", escape: "\\"),
            AwkwardFile("backslashes without quotes", "a,b\n1\\,1,\\\\\n", quote: nil, escape: "\\"),
            AwkwardFile("backslashes are text", "a,b\n\\,\"\\\"\n"),
            AwkwardFile("letters of many bytes", "a,b\nΓιώργος,😀\n\"Zoë, Ж\",漢字\n"),
            AwkwardFile("separators that are no line ends", "a,b\n1\u{2028}1,2\u{85}2\u{B}\u{C}\u{1C}\n"),
            AwkwardFile("control characters", "a,b\n\u{1}\u{7}\u{1B},\u{7F}\t\n"),
            AwkwardFile("a byte order mark", "\u{FEFF}a,b\n1,2\n"),
            AwkwardFile("a byte order mark before quotes", "\u{FEFF}\"a\",b\n1,2\n"),
            AwkwardFile("Latin-1", bytes: Array("a,b\n".utf8) + [0xE9, 0x2C, 0xFC, 0x0A], encoding: "iso-8859-1"),
            AwkwardFile(
                "Windows-1252",
                bytes: Array("a,b\n".utf8) + [0x80, 0x2C, 0x93, 0x94, 0x0A],
                encoding: "windows-1252"
            ),
            AwkwardFile(
                "UTF-16 with a byte order mark",
                bytes: [0xFF, 0xFE] + "a,b\n\u{e9},\"1\n2\"\n".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] },
                encoding: "utf-16"
            ),
            AwkwardFile(
                "UTF-16, high bytes first",
                bytes: "a,b\nĊ,\u{222C}\n".utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] },
                encoding: "utf-16be"
            ),
            AwkwardFile(
                "a value of 63, 64 and 65 bytes",
                "a,b\n"
                    + [63, 64, 65].map {
                        "\(String(repeating: "x", count: $0)),\"\(String(repeating: "y", count: $0))\"\n"
                    }.joined()
            ),
            AwkwardFile(
                "a value longer than a piece",
                "a,b\n\"" + String(repeating: "x,\n", count: 110_000) + "\",2\n"
            ),
            AwkwardFile(
                "a thousand columns",
                (["a"] + (1..<1000).map { "c\($0)" }).joined(separator: ",") + "\n"
                    + Array(repeating: "1", count: 1000).joined(separator: ",") + "\n"
            ),
            AwkwardFile(
                "a thousand line ends within quotes",
                "a,b\n1,\"" + String(repeating: "\n", count: 1000) + "\"\n2,3\n"
            ),
        ]
        + (0..<6).map { shift in
            // Quotes, doubled quotes and line ends on the borders of the 64 bytes that are looked at together.
            AwkwardFile(
                "borders, shifted by \(shift)",
                "a,b\n" + String(repeating: "x", count: 55 + shift) + ",\"\"\"\"\r\n\"1\"\"\",2\r\n3,\"\r\n\"\r\n"
            )
        }
}
