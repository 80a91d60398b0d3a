/// Finds the `id` of each contact in the answer to `addContacts` without making objects of the JSON.
///
/// The whole text is checked to be JSON (RFC 8259), an array of objects with an `id` that is a string each; only the
/// encoding of other strings is not looked into. Of repeated keys the last counts. The text may be nested
/// `JSONCursor.maximumDepth` deep.
public enum ContactIDScanner {
    /// The ids in the order of the array.
    ///
    /// - Throws: `GenesysError` of kind `unexpectedAnswer` if the text is anything else.
    public static func ids(in json: [UInt8]) throws -> [String] {
        var ids: [String] = []
        try forEachID(in: json.span) { id in
            guard let text = unsafe id.withUnsafeBufferPointer({ unsafe String(validating: $0, as: UTF8.self) }) else {
                throw JSONFault("an id is not UTF-8")
            }
            ids.append(text)
        }
        return ids
    }

    /// Calls `body` with the bytes of each id, escapes resolved, in the order of the array.
    ///
    /// - Throws: what `body` throws, or `GenesysError` of kind `unexpectedAnswer`; `body` was then called for the contacts
    ///   before the fault.
    public static func forEachID(in json: Span<UInt8>, _ body: (Span<UInt8>) throws -> Void) throws {
        do {
            try unsafe json.withUnsafeBytes { bytes in
                var cursor = try unsafe JSONCursor(bytes)
                try scanArray(&cursor, body)
            }
        } catch let fault as JSONFault {
            throw GenesysError(
                operation: "reading the answer to added contacts",
                kind: .unexpectedAnswer,
                message: "the answer is not the array of contacts that was expected: \(fault)",
                hint: "check that the address is that of the API, and that no proxy answers in its place",
                mayHaveTakenEffect: true
            )
        }
    }

    private static func scanArray(_ cursor: inout JSONCursor, _ body: (Span<UInt8>) throws -> Void) throws {
        var unescaped: [UInt8] = []
        try cursor.skip(past: UInt8(ascii: "["))
        if !cursor.skipIfNext(UInt8(ascii: "]")) {
            repeat {
                guard let id = try scanContact(&cursor) else { throw cursor.fault("a contact without an id") }
                if id.hasEscapes {
                    unescaped.removeAll(keepingCapacity: true)
                    try cursor.unescape(id, into: &unescaped)
                    try body(unescaped.span)
                } else {
                    try cursor.withBytes(of: id, body)
                }
            } while cursor.skipIfNext(UInt8(ascii: ","))
            try cursor.skip(past: UInt8(ascii: "]"))
        }
        try cursor.expectEnd()
    }

    /// Passes one object and returns its `id`.
    private static func scanContact(_ cursor: inout JSONCursor) throws -> JSONCursor.Text? {
        var id: JSONCursor.Text?
        try cursor.skip(past: UInt8(ascii: "{"))
        if cursor.skipIfNext(UInt8(ascii: "}")) {
            return nil
        }
        repeat {
            let isID = try cursor.isID(cursor.readText())
            try cursor.skip(past: UInt8(ascii: ":"))
            if isID {
                id = try cursor.readText()
            } else {
                try cursor.skipValue()
            }
        } while cursor.skipIfNext(UInt8(ascii: ","))
        try cursor.skip(past: UInt8(ascii: "}"))
        return id
    }
}

extension JSONCursor {
    /// Whether the key is `id`, in whatever spelling.
    fileprivate func isID(_ key: Text) throws -> Bool {
        guard key.hasEscapes else { return equals(key, UInt8(ascii: "i"), UInt8(ascii: "d")) }
        var unescaped: [UInt8] = []
        try unescape(key, into: &unescaped)
        return unescaped == Array("id".utf8)
    }
}
