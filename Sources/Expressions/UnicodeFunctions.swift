internal import CSQLite

extension SQLiteDatabase {
    /// SQLite's own `upper` and `lower` know ASCII alone; these follow Unicode (`ß` becomes `SS`, `Σ` its small forms).
    func addUnicodeFunctions() throws {
        let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS
        try check(
            unsafe sqlite3_create_function_v2(
                handle,
                "upper",
                1,
                flags,
                nil,
                { context, _, arguments in
                    unsafe answer(context, arguments, asciiCase: UInt8(ascii: "a")...UInt8(ascii: "z")) {
                        $0.uppercased()
                    }
                },
                nil,
                nil,
                nil
            )
        )
        try check(
            unsafe sqlite3_create_function_v2(
                handle,
                "lower",
                1,
                flags,
                nil,
                { context, _, arguments in
                    unsafe answer(context, arguments, asciiCase: UInt8(ascii: "A")...UInt8(ascii: "Z")) {
                        $0.lowercased()
                    }
                },
                nil,
                nil,
                nil
            )
        )
    }
}

/// Answers a call with one argument: NULL for NULL, ASCII by flipping the case bit in place, the rest through `convert`.
private func answer(
    _ context: OpaquePointer?,
    _ arguments: UnsafeMutablePointer<OpaquePointer?>?,
    asciiCase letters: ClosedRange<UInt8>,
    convert: (String) -> String
) {
    guard let argument = unsafe arguments?[0], let text = unsafe sqlite3_value_text(argument) else {
        return unsafe sqlite3_result_null(context)
    }
    let bytes = unsafe UnsafeBufferPointer(start: text, count: Int(sqlite3_value_bytes(argument)))
    if unsafe bytes.allSatisfy({ $0 < 0x80 }) {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: max(1, bytes.count)) { buffer in
            for index in bytes.indices {
                let byte = unsafe bytes[index]
                unsafe buffer[index] = CChar(bitPattern: letters.contains(byte) ? byte ^ 0x20 : byte)
            }
            unsafe rollcall_sqlite_result_copied_text(context, buffer.baseAddress, Int32(bytes.count))
        }
    } else {
        var converted = convert(unsafe String(decoding: bytes, as: UTF8.self))
        converted.withUTF8 { utf8 in
            unsafe utf8.withMemoryRebound(to: CChar.self) {
                unsafe rollcall_sqlite_result_copied_text(context, $0.baseAddress, Int32($0.count))
            }
        }
    }
}
