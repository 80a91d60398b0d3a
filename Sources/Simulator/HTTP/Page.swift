/// One page of a listing.
struct Page<Entity: Encodable>: Encodable {
    let entities: [Entity]
    let info: PageInfo

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(entities, forKey: .entities)
        try info.encode(to: encoder)
    }

    private enum CodingKeys: CodingKey {
        case entities
    }
}

/// What the service says about a page, with the links it gives along.
struct PageInfo: Encodable {
    let pageSize: Int
    let pageNumber: Int
    let total: Int
    /// The total again, for contacts only.
    var contactsCount: Int?
    let pageCount: Int
    let firstUri: String
    let lastUri: String
    let selfUri: String
    let nextUri: String?
    let previousUri: String?
}

/// Which part of a listing is asked for.
///
/// The page after the last is empty: what the service answers there is not documented.
struct PageRequest {
    static let sizeLimit = 100

    let number: Int
    let size: Int

    func slice(of total: Int) -> Range<Int> {
        let (start, overflow) = (number - 1).multipliedReportingOverflow(by: size)
        let first = overflow ? total : min(start, total)
        return first..<min(first + size, total)
    }

    func info(total: Int, path: String) -> PageInfo {
        let pageCount = (total + size - 1) / size
        func uri(_ number: Int) -> String { "\(path)?pageSize=\(size)&pageNumber=\(number)" }
        return PageInfo(
            pageSize: size,
            pageNumber: number,
            total: total,
            pageCount: pageCount,
            firstUri: uri(1),
            lastUri: uri(max(pageCount, 1)),
            selfUri: uri(number),
            nextUri: number < pageCount ? uri(number + 1) : nil,
            previousUri: number > 1 ? uri(number - 1) : nil
        )
    }
}
