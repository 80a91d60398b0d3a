/// Reads the contacts that a client sends to a list.
struct ContactReader {
    /// The longest value, in characters.
    static let valueLimit = 512

    private let columns: [String]
    private let positions: [String: Int]
    /// The texts of the contact being read, one after the other.
    private var arena: [UInt8] = []
    /// Where the text of each column stands in the arena.
    private var places: [Range<Int>?]

    init(columns: [String]) {
        self.columns = columns
        positions = Dictionary(uniqueKeysWithValues: zip(columns, columns.indices))
        places = Array(repeating: nil, count: columns.count)
    }

    /// Reads an array of contacts.
    /// - Throws: `JSONReader.Malformed`, or a 400 if there are more than `limit`.
    mutating func readContacts(_ body: [UInt8], limit: Int) throws -> [IncomingContact] {
        var reader = try JSONReader(body)
        var contacts: [IncomingContact] = []
        try reader.readArray { reader in
            guard contacts.count < limit else { throw APIError.tooManyContacts("added", limit: limit) }
            contacts.append(try readContact(&reader))
        }
        try reader.finish()
        return contacts
    }

    /// Reads one contact.
    /// - Throws: `JSONReader.Malformed`.
    mutating func readContact(_ body: [UInt8]) throws -> IncomingContact {
        var reader = try JSONReader(body)
        let contact = try readContact(&reader)
        try reader.finish()
        return contact
    }

    private mutating func readContact(_ reader: inout JSONReader) throws -> IncomingContact {
        var contact = IncomingContact(row: ContactRow([]))
        arena.removeAll(keepingCapacity: true)
        for index in places.indices { places[index] = nil }
        try reader.readObject { reader, key in
            if reader.skipNull() { return }
            switch key {
            case "id":
                let id = try reader.readString()
                contact.id = id.isEmpty ? nil : id
            case "data": try readData(&reader, of: &contact)
            case "callable": contact.callable = try reader.readBool()
            case "phoneNumberStatus": contact.phoneNumbers = try Self.readFlags(&reader, named: "callable")
            case "contactableStatus": contact.contactable = try Self.readContactableStatus(&reader)
            default: try reader.skipValue()
            }
        }
        contact.missingColumn = zip(columns, places).first { $1 == nil && $0 != contact.overlongColumn }?.0
        contact.row = ContactRow(places.map { $0.map { arena[$0] } })
        return contact
    }

    private mutating func readData(_ reader: inout JSONReader, of contact: inout IncomingContact) throws {
        var expected = 0
        try reader.readObject { reader, key in
            // Clients send the columns in one order; looking there first spares most of the look-ups.
            let hit = expected < columns.count && columns[expected] == key
            guard let position = hit ? expected : positions[key] else {
                contact.unknownColumn = contact.unknownColumn ?? key
                return try reader.skipValue()
            }
            expected = position + 1
            let place = try reader.readText(into: &arena)
            if isOverlong(place) {
                contact.overlongColumn = key
            } else {
                places[position] = place
            }
        }
    }

    private func isOverlong(_ place: Range<Int>) -> Bool {
        guard place.count > Self.valueLimit else { return false }
        return String(decoding: arena[place], as: UTF8.self).unicodeScalars.count > Self.valueLimit
    }

    /// Reads objects with one flag each, by their keys.
    private static func readFlags(_ reader: inout JSONReader, named name: String) throws -> [String: Bool] {
        var flags: [String: Bool] = [:]
        try reader.readObject { reader, column in
            try reader.readObject { reader, key in
                if key == name { flags[column] = try reader.readBool() } else { try reader.skipValue() }
            }
        }
        return flags
    }

    private static func readContactableStatus(_ reader: inout JSONReader) throws -> [String: ContactableStatus] {
        var media: [String: ContactableStatus] = [:]
        try reader.readObject { reader, medium in
            var status = ContactableStatus()
            try reader.readObject { reader, key in
                switch key {
                case "contactable": status.contactable = try reader.readBool()
                case "columnStatus": status.columns = try readFlags(&reader, named: "contactable")
                default: try reader.skipValue()
                }
            }
            media[medium] = status
        }
        return media
    }
}
