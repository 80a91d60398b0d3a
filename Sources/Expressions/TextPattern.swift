internal import CPCRE2
internal import RollcallCore

/// A regular expression in Perl's syntax, compiled once; matches bytes of UTF-8 where they are.
///
/// Not `Sendable`: it belongs to one task at a time.
@safe
final class TextPattern {
    /// Why a pattern cannot be compiled or used.
    struct Fault: Error {
        /// For who wrote the pattern and the flags down.
        let message: String
        /// For rows that have them; tells no value.
        let messageForRows: String

        fileprivate init(_ message: String, forRows messageForRows: String? = nil) {
            self.message = message
            self.messageForRows = messageForRows ?? message
        }
    }

    // SAFETY: all made in `init`, freed once in `deinit`, and never lent out.
    private let code: OpaquePointer
    private let match: OpaquePointer
    private let limits: OpaquePointer
    private let stack: OpaquePointer
    /// Whether `regexp_replace` replaces every match.
    let isGlobal: Bool

    /// - Parameters:
    ///   - text: The pattern.
    ///   - flags: `i` any case, `g` every match, `m` lines, `s` the dot is a line break, too, `x` blanks and comments.
    /// - Throws: `Fault` for a pattern or a flag that cannot be.
    init(_ text: String, flags: String) throws(Fault) {
        var options = PCRE2_UTF | PCRE2_UCP
        var isGlobal = false
        for flag in flags {
            switch flag {
            case "i": options |= PCRE2_CASELESS
            case "m": options |= PCRE2_MULTILINE
            case "s": options |= PCRE2_DOTALL
            case "x": options |= PCRE2_EXTENDED
            case "g": isGlobal = true
            default:
                let flags = "the flags are i, g, m, s and x"
                throw Fault("there is no flag \(flag); \(flags)", forRows: "a flag of a row is none; \(flags)")
            }
        }
        var pattern = text
        var failure: Int32 = 0
        var offset = 0
        let compiled = pattern.withUTF8 { bytes in
            unsafe pcre2_compile_8(bytes.baseAddress, bytes.count, options, &failure, &offset, nil)
        }
        guard let compiled = unsafe compiled else {
            throw Fault("the pattern is not valid at character \(offset + 1): \(Self.message(failure))")
        }
        guard let match = unsafe pcre2_match_data_create_from_pattern_8(compiled, nil),
            let limits = unsafe pcre2_match_context_create_8(nil),
            let stack = unsafe pcre2_jit_stack_create_8(Self.stackSize.lowerBound, Self.stackSize.upperBound, nil)
        else {
            unsafe pcre2_code_free_8(compiled)
            throw Fault("there is no memory for the pattern")
        }
        // Where the processor has no compiler, patterns are interpreted.
        unsafe pcre2_jit_compile_8(compiled, PCRE2_JIT_COMPLETE)
        unsafe pcre2_set_match_limit_8(limits, Self.mostSteps)
        unsafe pcre2_jit_stack_assign_8(limits, nil, UnsafeMutableRawPointer(stack))
        unsafe (code, self.match, self.limits, self.stack) = unsafe (compiled, match, limits, stack)
        self.isGlobal = isGlobal
    }

    deinit {
        unsafe pcre2_match_context_free_8(limits)
        unsafe pcre2_jit_stack_free_8(stack)
        unsafe pcre2_match_data_free_8(match)
        unsafe pcre2_code_free_8(code)
    }

    /// A pattern that goes wrong on some value would need more steps than there are; nobody is to wait for it.
    private static let mostSteps: UInt32 = 1_000_000
    /// Bytes that a match may use for the places it may have to come back to.
    private static let stackSize = 32_768...1_048_576

    func matches(_ bytes: Span<UInt8>) throws(Fault) -> Bool {
        try find(in: bytes, from: 0, options: 0)
    }

    /// Appends the bytes with the first match replaced, or every one.
    func replace(
        in bytes: Span<UInt8>,
        with replacement: Replacement,
        to output: inout [UInt8]
    ) throws(Fault) {
        var copied = 0
        var start = 0
        var options: UInt32 = 0
        while start <= bytes.count, try find(in: bytes, from: start, options: options) {
            let whole = group(0)
            output.appendBytes(bytes.extracting(copied..<whole.lowerBound))
            for piece in replacement.pieces {
                switch piece {
                case .text(let text): output += text
                case .group(let number): output.appendBytes(bytes.extracting(group(number)))
                }
            }
            copied = whole.upperBound
            guard isGlobal else { break }
            // Behind an empty match the same place is tried once more, for one that is not empty.
            options = whole.isEmpty ? PCRE2_NOTEMPTY_ATSTART : 0
            start = whole.upperBound
        }
        output.appendBytes(bytes.extracting(copied..<bytes.count))
    }

    private func find(
        in bytes: Span<UInt8>,
        from start: Int,
        options: UInt32
    ) throws(Fault) -> Bool {
        let status = unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe pcre2_match_8(code, bytes.baseAddress, bytes.count, start, options, match, limits)
        }
        guard status < 0 else { return true }
        guard status == PCRE2_ERROR_NOMATCH else {
            throw Fault("the pattern could not be tried: \(Self.message(status))")
        }
        return false
    }

    /// Where a group of the last match is; empty where it took no part.
    private func group(_ number: Int) -> Range<Int> {
        guard number < Int(unsafe pcre2_get_ovector_count_8(match)),
            let vector = unsafe pcre2_get_ovector_pointer_8(match)
        else { return 0..<0 }
        let (start, end) = unsafe (vector[number * 2], vector[number * 2 + 1])
        // Groups without a part are at PCRE2_UNSET, which is -1 here; with `\K` a match may begin behind its end.
        return start >= 0 && start <= end ? start..<end : 0..<0
    }

    private static func message(_ code: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = unsafe buffer.withUnsafeMutableBufferPointer { buffer in
            unsafe pcre2_get_error_message_8(code, buffer.baseAddress, buffer.count)
        }
        // Quotes would make it look like a value.
        return String(decoding: buffer.prefix(max(0, Int(count))), as: UTF8.self).replacing("'", with: "")
    }
}

/// What takes the place of a match: text, and `\1` to `\9` for the groups of the pattern, `\&` for the whole match.
struct Replacement {
    enum Piece {
        case text([UInt8])
        case group(Int)
    }

    let pieces: [Piece]

    init(_ bytes: Span<UInt8>) {
        var pieces: [Piece] = []
        var text: [UInt8] = []
        var isEscaped = false
        for index in bytes.indices {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\\") where !isEscaped:
                isEscaped = true
                continue
            case UInt8(ascii: "0")...UInt8(ascii: "9") where isEscaped, UInt8(ascii: "&") where isEscaped:
                pieces += [.text(text), .group(byte == UInt8(ascii: "&") ? 0 : Int(byte - UInt8(ascii: "0")))]
                text = []
            default: text.append(byte)
            }
            isEscaped = false
        }
        if isEscaped { text.append(UInt8(ascii: "\\")) }
        self.pieces = pieces + [.text(text)]
    }
}
