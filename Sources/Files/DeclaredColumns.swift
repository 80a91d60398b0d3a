package import RollcallCore

/// The `columns` of a source of files: which columns it has, what their cells mean, and what stands for a missing value.
///
/// Written as a list of names, or as a mapping of names to a type or to `type`, `default` and `from`.
package struct DeclaredColumns: SettingValue {
    /// One column.
    package struct Column: Sendable {
        package let name: String
        package let type: LogicalType
        /// Stands for a value that is missing.
        package let fallback: String?
        /// Where the file has it; nil where it has the column's own name.
        package let origin: Origin?
        package let location: SourceLocation
    }

    /// How a file names a column.
    package enum Origin: Sendable, Hashable {
        case name(String)
        /// From one.
        case place(Int)
    }

    package let columns: [Column]

    private enum Setting {
        static let type = Field<LogicalType>("type", default: .text, defaultText: "text", doc: "What the cells mean.")
        static let fallback = Field<String?>("default", doc: "What stands for a value that is missing.")
        static let origin = Field<Origin?>(
            "from",
            doc: """
                Where the file has it: its name there, a number from 1 (csv), or a path (json); its own name where it is left out.
                """
        )

        static let fields = [type.spec, fallback.spec, origin.spec]
    }

    package static let form = SettingForm.either(
        .list(of: .text),
        .mapping(of: .either(LogicalType.form, .group(Setting.fields)))
    )

    package static func read(_ node: ConfigurationNode) throws(SettingFault) -> DeclaredColumns {
        let columns: [Column]
        switch node {
        case .sequence:
            columns = try [Located<String>].read(node).map { name in
                Column(name: name.value, type: .text, fallback: nil, origin: nil, location: name.location)
            }
        case .mapping(let entries, _):
            var read: [Column] = []
            for entry in entries { read.append(try column(entry)) }
            columns = read
        case .scalar: throw .expected(Self.self, got: node)
        }
        guard !columns.isEmpty else { throw SettingFault("names no column", at: node.location) }
        return DeclaredColumns(columns: columns)
    }

    private static func column(_ entry: ConfigurationNode.Entry) throws(SettingFault) -> Column {
        if case .mapping = entry.value { return try detailedColumn(entry) }
        do {
            let type = entry.value.isEmpty ? .text : try LogicalType.read(entry.value)
            return Column(name: entry.key, type: type, fallback: nil, origin: nil, location: entry.location)
        } catch {
            throw SettingFault(": `\(entry.key)` \(error.message)", hint: error.hint, at: error.location)
        }
    }

    private static func detailedColumn(_ entry: ConfigurationNode.Entry) throws(SettingFault) -> Column {
        let group = FieldGroup(entry.key, Setting.fields, help: "rollcall describe")
        do {
            let settings = try group.settings(from: entry.value)
            let type = try settings[Setting.type]
            return Column(
                name: entry.key,
                type: type,
                fallback: try fallback(settings, type),
                origin: try settings[Setting.origin],
                location: entry.location
            )
        } catch {
            let problem = (error as? RollcallError)?.problems.first
            throw SettingFault(
                ": `\(entry.key)`: \(problem?.message ?? "cannot be read")",
                hint: problem?.hint,
                at: problem?.location ?? entry.location
            )
        }
    }

    /// As a value of the type, which a filter behind it would not see for one otherwise.
    private static func fallback(_ settings: Settings, _ type: LogicalType) throws -> String? {
        guard let written = try settings[Setting.fallback] else { return nil }
        let bytes = Array(written.utf8)
        // The column may be a key.
        switch type.read(bytes.span, isKey: true) {
        case .part(let part): return String(decoding: bytes[part], as: UTF8.self)
        case .written(let text): return String(decoding: text, as: UTF8.self)
        case .none:
            let problem = settings.problem(Setting.fallback, "is not \(type.example)")
            throw RollcallError(.configuration, problems: [problem])
        }
    }

    /// What is wrong with the columns themselves, or with the key as one of them.
    package func problems(key: [String], _ settings: Settings, _ field: Field<some SettingValue>) -> [Problem] {
        let names = columns.map(\.name)
        let twice = columns.enumerated().filter { names[..<$0.offset].contains($0.element.name) }.map {
            settings.problem(field, "names \"\($0.element.name)\" twice", at: $0.element.location)
        }
        let missing = key.filter { !names.contains($0) }.map { name in
            settings.problem(
                FileSetting.key,
                "names no column of `columns`: \"\(name)\"",
                hint: suggestion(for: name, among: names)
            )
        }
        return twice + missing
    }

    /// - Throws: a configuration error where two have one name.
    package func schema() throws -> Schema {
        try Schema(columns.map { Schema.Column($0.name, $0.type) })
    }
}

extension DeclaredColumns.Origin: SettingValue {
    package static let form = SettingForm.either(.text, .integer)

    package static func read(_ node: ConfigurationNode) throws(SettingFault) -> DeclaredColumns.Origin {
        guard let place = node.plainText.flatMap(Int.init) else {
            return .name(try String.read(node))
        }
        guard place >= 1 else { throw SettingFault("counts from 1, got \(place)", at: node.location) }
        return .place(place)
    }
}
