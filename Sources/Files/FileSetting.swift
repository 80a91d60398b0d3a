package import RollcallCore

/// The settings that all sources of files have.
package enum FileSetting {
    package static let key = Field<[String]>(
        "key",
        example: "[id]",
        doc: "The column or columns that identify a row.",
        check: { $0.isEmpty ? "must name at least one column" : nil }
    )
    package static let encoding = Field<TextEncoding>(
        "encoding",
        default: .utf8,
        doc: """
            How characters are written: `utf-8`, `utf-16`, `iso-8859-1`, `windows-1252` or another name of `iconv --list`. A byte \
            order mark at the beginning is left out.
            """
    )

    /// - Parameters:
    ///   - example: A pattern with the usual ending.
    ///   - more: What else is to be said of the files, as a sentence; or nothing.
    /// - Returns: The setting for the files of a source.
    package static func path(example: String, _ more: String = "") -> Field<String> {
        Field(
            "path",
            example: example,
            doc: """
                The file, or a pattern (`*`, `?`, `[a-z]`) for several, which are read in the order of their names; `-` is standard \
                input. Endings `.gz`, `.zst` and `.zstd` are unpacked.\(more.isEmpty ? "" : " ")\(more)
                """,
            check: { $0.isEmpty ? "must name a file" : nil }
        )
    }

    /// What becomes of rows that cannot be read; `more` is what is particular to the format, as a sentence.
    package static func onError(_ more: String) -> Field<String> {
        Field(
            "on_error",
            form: .choice(["invalid", "stop"]),
            default: "invalid",
            doc: """
                What becomes of a row that cannot be read: `invalid` keeps it as a reject with file and line, and goes on; `stop` ends \
                the run there, with the rows before it delivered. \(more)
                """,
            check: { ["invalid", "stop"].contains($0) ? nil : "must be `invalid` or `stop`" }
        )
    }
}
