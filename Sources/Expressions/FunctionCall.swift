internal import CSQLite

/// A call of one of our functions by SQLite: its arguments, and where the answer goes.
@safe
struct FunctionCall {
    // SAFETY: made for the time of one callback, and used by nobody else.
    private let context: OpaquePointer
    private let arguments: UnsafeMutablePointer<OpaquePointer?>
    let count: Int

    init?(_ context: OpaquePointer?, _ count: Int32, _ arguments: UnsafeMutablePointer<OpaquePointer?>?) {
        guard let context = unsafe context, let arguments = unsafe arguments else { return nil }
        unsafe self.context = context
        unsafe self.arguments = unsafe arguments
        self.count = Int(count)
    }

    var cache: FunctionCache? {
        // SAFETY: `addFunction` gave it, and it outlives the database.
        unsafe sqlite3_user_data(context).map { unsafe Unmanaged<FunctionCache>.fromOpaque($0).takeUnretainedValue() }
    }

    var hasNull: Bool {
        (0..<count).contains { unsafe sqlite3_value_type(arguments[$0]) == SQLITE_NULL }
    }

    /// Lends the bytes of an argument as text; none for NULL.
    func withBytes<Result, Failure: Error>(
        of index: Int,
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let text = unsafe sqlite3_value_text(arguments[index])
        let count = unsafe sqlite3_value_bytes(arguments[index])
        let bytes = unsafe UnsafeBufferPointer(start: text, count: unsafe text == nil ? 0 : Int(count))
        return try body(unsafe bytes.span)
    }

    func text(_ index: Int) -> String {
        withBytes(of: index) { unsafe $0.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) } }
    }

    func integer(_ index: Int) -> Int { Int(unsafe sqlite3_value_int64(arguments[index])) }

    func answerNull() { unsafe sqlite3_result_null(context) }
    func answer(_ flag: Bool) { unsafe sqlite3_result_int(context, flag ? 1 : 0) }

    func answer(_ bytes: [UInt8]) {
        answer(bytes.span)
    }

    func answer(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { bytes in
            guard let start = bytes.baseAddress else {
                return unsafe rollcall_sqlite_result_static_text(context, "", 0)
            }
            unsafe start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
                unsafe rollcall_sqlite_result_copied_text(context, $0, Int32(bytes.count))
            }
        }
    }

    /// Makes the row invalid; the message must tell no value.
    func fail(_ message: String) {
        unsafe sqlite3_result_error(context, message, -1)
    }
}

extension Span<UInt8> {
    /// What is left without the blanks at both ends.
    var rangeWithoutBlanks: Range<Int> {
        var (start, end) = (0, count)
        while start < end, self[start] == 0x20 { start += 1 }
        while end > start, self[end - 1] == 0x20 { end -= 1 }
        return start..<end
    }
}

extension SQLiteDatabase {
    /// Makes a function known that gives the same answer to the same arguments.
    ///
    /// - Parameters:
    ///   - name: What it is called in SQL.
    ///   - argumentCount: How many arguments it has.
    ///   - cache: What it may use; must outlive the database.
    ///   - body: Answers a call.
    /// - Throws: `SQLiteFailure`.
    func addFunction(
        _ name: String,
        argumentCount: Int32,
        cache: FunctionCache? = nil,
        _ body: @convention(c) (OpaquePointer?, Int32, UnsafeMutablePointer<OpaquePointer?>?) -> Void
    ) throws {
        let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS
        let data = unsafe cache.map { unsafe Unmanaged.passUnretained($0).toOpaque() }
        try check(
            unsafe sqlite3_create_function_v2(handle, name, argumentCount, flags, data, body, nil, nil, nil)
        )
    }
}
