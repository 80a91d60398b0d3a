/// Lends `strings` to C as an array of NUL-terminated UTF-8 strings, `nil` as a null pointer, with a null pointer at the end.
///
/// The caller must have made sure that no string contains NUL: C would see it cut off there.
func withCStrings<Value>(
    _ strings: [String?],
    _ body: (UnsafePointer<UnsafePointer<CChar>?>) throws -> Value
) rethrows -> Value {
    var bytes: [CChar] = []
    var starts: [Int?] = []
    for string in strings {
        starts.append(string == nil ? nil : bytes.count)
        guard var string else { continue }
        // In one piece: values may have megabytes.
        string.withUTF8 { text in
            unsafe text.withMemoryRebound(to: CChar.self) { unsafe bytes.append(contentsOf: $0) }
        }
        bytes.append(0)
    }
    return try unsafe bytes.withUnsafeBufferPointer { bytes in
        var pointers: [UnsafePointer<CChar>?] = unsafe starts.map { start in
            guard let start, let base = bytes.baseAddress else { return nil }
            return unsafe base + start
        }
        unsafe pointers.append(nil)
        return try unsafe pointers.withUnsafeBufferPointer { pointers in
            guard let base = pointers.baseAddress else { preconditionFailure("the array has an end mark") }
            return try unsafe body(base)
        }
    }
}

extension String {
    /// Whether C would take the text to end before its end.
    var containsNUL: Bool {
        var copy = self
        return copy.withUTF8 { text in
            unsafe text.contains(0)
        }
    }
}
