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

    /// What `LogicalType.read` takes, for a reader of `rollcall describe`.
    package static let typesOfText = """
        `boolean` is true, t, yes, y or 1, or false, f, no, n or 0, in capital or small letters; `date` is 2026-01-31; `timestamp` is \
        2026-01-31T08:30, with a blank in place of the T, seconds, their fraction and a zone or not; read other forms as text, and make \
        dates of them with a `date` step.
        """

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
                input. A path is meant from the folder of the pipeline file. Endings `.gz`, `.zst` and `.zstd` are unpacked.\(more.isEmpty ? "" : " ")\(more)
                """,
            check: { $0.isEmpty ? "must name a file" : nil }
        )
    }

    /// Which files `path` names, from the folder of the pipeline file.
    package static func pattern(_ path: Field<String>, _ settings: Settings) throws -> FilePattern {
        let text = try settings[path]
        let folder = text == "-" ? "" : String(settings.path(text).dropLast(text.count))
        return FilePattern(text, from: folder, at: settings.location(of: path))
    }

    /// Whether a file may have nothing in it; `more` is what is particular to the format, as a sentence.
    package static func allowEmpty(_ more: String) -> Field<Bool> {
        Field(
            "allow_empty",
            default: false,
            doc: """
                Whether a file with nothing in it is one without rows. Otherwise it ends the run, as its writer may have failed, and \
                with `on_missing` its rows would count as gone. \(more)
                """
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
