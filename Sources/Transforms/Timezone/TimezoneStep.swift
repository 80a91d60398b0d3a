internal import RollcallCore

/// Finds the zone of each row and adds it, with how sure it is where that is wanted.
final class TimezoneStep: TransformStep {
    var output: Schema { columns.schema }

    private let zone: Int?
    private let country: Int?
    private let postalCode: Int?
    private let phone: Int?
    private var finder: ZoneFinder
    private let columns: OutputColumns
    private let hasConfidence: Bool
    private let rejects: Bool

    /// - Parameters:
    ///   - zone: Where a column is that names the zone; nil where there is none.
    ///   - country: That of the country.
    ///   - postalCode: That of the postal code.
    ///   - phone: That of the phone number.
    ///   - finder: What makes zones of them.
    ///   - columns: Where the zone goes, and how sure it is.
    ///   - hasConfidence: Whether that is wanted, too.
    ///   - rejects: Whether a row without a zone is refused.
    init(
        zone: Int?,
        country: Int?,
        postalCode: Int?,
        phone: Int?,
        finder: ZoneFinder,
        columns: OutputColumns,
        withConfidence hasConfidence: Bool,
        rejects: Bool
    ) {
        self.zone = zone
        self.country = country
        self.postalCode = postalCode
        self.phone = phone
        self.finder = finder
        self.columns = columns
        self.hasConfidence = hasConfidence
        self.rejects = rejects
    }

    func apply(_ batch: Batch) -> Transformed {
        var refusals = Refusals()
        var zones = ColumnBuilder(rowCount: batch.rowCount)
        var confidences = ColumnBuilder(rowCount: batch.rowCount)
        batch.withPinnedColumns { pinned in
            for row in 0..<batch.rowCount {
                let found = find(in: pinned, row)
                zones.append(found?.name)
                confidences.append(found?.confidence.rawValue)
                guard found == nil, rejects else { continue }
                refusals.refuse(row, Refusal(code: "time_zone_unknown", reason: "the row has no known time zone"))
            }
        }
        let values = [zones.finish()] + (hasConfidence ? [confidences.finish()] : [])
        return refusals.applied(to: columns.placing(values, in: batch))
    }

    private func find(in columns: [PinnedColumn], _ row: Int) -> FoundZone? {
        if let zone, let stated = columns[zone].withBytes(of: row, { finder.stated($0) }) { return stated }
        return withBytes(of: country, in: columns, row) { country in
            withBytes(of: postalCode, in: columns, row) { postalCode in
                withBytes(of: phone, in: columns, row) { phone in
                    finder.found(country: country, postalCode: postalCode, phone: phone)
                }
            }
        }
    }

    /// Lends a value; no bytes where it is NULL, or there is no such column.
    private func withBytes(
        of column: Int?,
        in columns: [PinnedColumn],
        _ row: Int,
        _ body: (Span<UInt8>) -> FoundZone?
    ) -> FoundZone? {
        guard let column else { return body(Span()) }
        return columns[column].withBytes(of: row, body)
    }
}
