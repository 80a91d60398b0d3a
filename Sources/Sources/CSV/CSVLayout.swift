internal import RollcallCore
internal import RollcallFiles

/// Which values of a file's rows make the columns of the source.
struct CSVLayout: Sendable {
    /// For each column of the source, where its value stands in a row.
    let places: [Int]
    /// How many values a row has.
    let width: Int

    /// The columns of a file without a header, all in their order unless they say their numbers; `width` is how many values its first
    /// row has, none where it has no row.
    init(_ columns: DeclaredColumns, width: Int, of file: InputFile) throws(CSVLayoutFault) {
        guard columns.columns.contains(where: { $0.origin != nil }) else {
            self.init(places: Array(columns.columns.indices), width: columns.columns.count)
            return
        }
        var places: [Int] = []
        for column in columns.columns {
            guard case .place(let number) = column.origin, number <= width || width == 0 else {
                throw CSVLayoutFault("\(file.name) has \(width) columns, and \"\(column.name)\" is none of them")
            }
            places.append(number - 1)
        }
        self.init(places: places, width: width)
    }

    /// The columns of a file by its header.
    init(_ columns: DeclaredColumns, header: [String], of file: InputFile) throws(CSVLayoutFault) {
        var places: [Int] = []
        let wanted = columns.columns.map { column in
            if case .name(let name) = column.origin { name } else { column.name }
        }
        let place = { (name: String) throws(CSVLayoutFault) -> Int in
            try Self.place(of: name, among: wanted, in: header, of: file)
        }
        for column in columns.columns {
            switch column.origin {
            case .place(let number):
                guard number <= header.count else {
                    throw CSVLayoutFault(
                        "\(file.name) has \(header.count) columns, and \"\(column.name)\" is to be from number \(number)"
                    )
                }
                places.append(number - 1)
            case .name(let name): places.append(try place(name))
            case nil: places.append(try place(column.name))
            }
        }
        self.init(places: places, width: header.count)
    }

    /// The same columns as another file has, in whatever order; no more and no fewer.
    init(_ schema: Schema, header: [String], of file: InputFile, first: InputFile) throws(CSVLayoutFault) {
        var places: [Int] = []
        for name in schema.names {
            places.append(try Self.place(of: name, among: schema.names, in: header, of: file))
        }
        if let other = header.first(where: { schema.index(of: $0) == nil }) {
            throw CSVLayoutFault(
                "\(file.name) has a column \"\(other)\", and \(first.name) has none of this name",
                hint: "say in `columns` which columns are wanted"
            )
        }
        self.init(places: places, width: header.count)
    }

    private init(places: [Int], width: Int) {
        self.places = places
        self.width = width
    }

    /// Where one of the columns that are wanted stands.
    private static func place(
        of name: String,
        among wanted: [String],
        in header: [String],
        of file: InputFile
    ) throws(CSVLayoutFault) -> Int {
        let places = header.indices.filter { header[$0] == name }
        guard places.count < 2 else {
            throw CSVLayoutFault(
                "\(file.name) has \(places.count) columns that are called \"\(name)\"",
                hint: "say in `columns` which one is wanted: `\(name): { from: \(places[0] + 1) }`"
            )
        }
        guard let place = places.first else {
            throw CSVLayoutFault(
                "\(file.name) has no column \"\(name)\"",
                hint: CSVHeader.hint(for: name, among: wanted, in: header)
                    ?? "does its first line name the columns? else set `header: false`"
            )
        }
        return place
    }
}

/// Why a file does not have the columns of the source.
struct CSVLayoutFault: Error {
    let message: String
    let hint: String?

    init(_ message: String, hint: String? = nil) {
        self.message = message
        self.hint = hint
    }
}
