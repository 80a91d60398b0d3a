package import RollcallCore

/// How the characters of a file are written in bytes.
package struct TextEncoding: SettingValue, Hashable, CustomStringConvertible {
    /// As the C library names it, in lower case.
    let name: String

    package static let utf8 = TextEncoding(name: "utf-8")

    package static let form = SettingForm.text

    package static func read(_ node: ConfigurationNode) throws(SettingFault) -> TextEncoding {
        let text = try String.read(node)
        guard let encoding = TextEncoding(text) else {
            throw SettingFault(
                "names no encoding that is known here: \(node.summary)",
                hint: "such as utf-8, utf-16, iso-8859-1, iso-8859-7, windows-1252; `iconv --list` names them all",
                at: node.location
            )
        }
        return encoding
    }

    private init(name: String) {
        self.name = name
    }

    /// Nil for a name that the C library does not know.
    package init?(_ text: String) {
        let name = text.lowercased()
        if ["utf-8", "utf8"].contains(name) {
            self = .utf8
            return
        }
        // No name stands for the locale's encoding, and a slash for passing over what cannot be converted.
        guard !name.isEmpty, !name.contains("/"), IconvDecoder(name) != nil else { return nil }
        self.init(name: name)
    }

    package var description: String { name }

    func decoder() -> any TextDecoder {
        // The name was tried when the encoding was made.
        if self != .utf8, let decoder = IconvDecoder(name, unit: unit) { return decoder }
        return UTF8Decoder()
    }

    /// The smallest number of bytes that a character takes.
    private var unit: Int {
        if ["utf-16", "utf16", "ucs-2", "ucs2"].contains(where: name.hasPrefix) { return 2 }
        if ["utf-32", "utf32", "ucs-4", "ucs4"].contains(where: name.hasPrefix) { return 4 }
        return 1
    }
}
