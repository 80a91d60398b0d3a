internal import RollcallCore
internal import RollcallFiles

/// The columns of a CSV source, and where a file has them.
struct CSVColumns: Sendable {
    let schema: Schema
    private let declared: DeclaredColumns?
    private let first: InputFile
    /// Whether the schema may hold values of a first line that is no header.
    private let isDoubtful: Bool

    /// The columns that the settings say, or else those of the first file.
    ///
    /// - Throws: a preflight error where two columns have one name, or the key is none of them.
    init(_ header: CSVHeader, _ options: CSVOptions) throws {
        first = header.file
        declared = options.columns
        isDoubtful = declared == nil && header.looksLikeValues
        if declared == nil, let (one, other) = header.namesake {
            // Not by their name: in a file without a header that would be a value.
            throw RollcallError(
                .preflight,
                "the columns \(one) and \(other) of \(header.file.name) have the same name",
                hint: "say in `columns` which ones are wanted, by their numbers: `name: { from: \(one) }`"
            )
        }
        schema = try declared?.schema() ?? Schema(header.names.map { Schema.Column($0) })
        guard let missing = options.key.first(where: { schema.index(of: $0) == nil }) else { return }
        throw RollcallError(
            .preflight,
            "`key` names no column of \(header.file.name): \"\(missing)\"",
            hint: CSVHeader.hint(for: missing, among: options.key, in: schema.names)
                ?? "does its first line name the columns? else set `header: false` and `columns`"
        )
    }

    /// Which columns will be looked at.
    ///
    /// - Throws: what `choose` throws; without its hints, which may name columns, where the names may be a person's data.
    func choosing(_ choose: (Schema) throws -> Set<String>) throws -> Set<String> {
        do {
            return try choose(schema)
        } catch let error as RollcallError where isDoubtful {
            let hint =
                "the first line of \(first.name) does not look like names; if it has none, set `header: false` and `columns`"
            let problems = error.problems.map { Problem($0.message, hint: hint, of: $0.component, at: $0.location) }
            throw RollcallError(error.disposition, problems: problems, cause: error.cause)
        }
    }

    /// - Throws: a preflight error that says what the file lacks.
    func layout(_ header: CSVHeader, _ options: CSVOptions) throws -> CSVLayout {
        do throws(CSVLayoutFault) {
            guard let declared else {
                return try CSVLayout(schema, header: header.names, of: header.file, first: first)
            }
            return options.hasHeader
                ? try CSVLayout(declared, header: header.names, of: header.file)
                : try CSVLayout(declared, width: header.values.count, of: header.file)
        } catch {
            throw RollcallError(.preflight, error.message, hint: error.hint)
        }
    }
}
