internal import CIconv
internal import Glibc

/// Converts any encoding that the C library knows.
@safe
final class IconvDecoder: TextDecoder {
    // SAFETY: made here, never shared, freed in `deinit`.
    private let converter: iconv_t
    private let unit: Int
    private var output = [UInt8](repeating: 0, count: 1 << 16)

    /// Nil for an encoding that the library does not know.
    init?(_ name: String, unit: Int = 1) {
        guard let converter = unsafe iconv_open("utf-8", name), Int(bitPattern: converter) != -1 else { return nil }
        unsafe self.converter = converter
        self.unit = unit
    }

    deinit {
        unsafe iconv_close(converter)
    }

    func decode(_ bytes: Span<UInt8>, into text: inout [UInt8]) -> DecodedPart {
        var consumed = 0
        while true {
            let step = convert(bytes.extracting(consumed...))
            consumed += step.consumed
            text.append(contentsOf: output[..<step.produced])
            switch step.code {
            // There was no room for more.
            case E2BIG: continue
            case EILSEQ: return DecodedPart(count: consumed, stop: .isIllFormed(min(unit, bytes.count - consumed)))
            default: return DecodedPart(count: consumed, stop: .needsMore)
            }
        }
    }

    private func convert(_ input: Span<UInt8>) -> (consumed: Int, produced: Int, code: Int32) {
        unsafe input.withUnsafeBytes { input in
            unsafe output.withUnsafeMutableBytes { output in
                // iconv does not write to its input; its type leaves `const` out.
                var source = unsafe UnsafeMutableRawPointer(mutating: input.baseAddress)?.assumingMemoryBound(
                    to: CChar.self
                )
                var target = unsafe output.baseAddress?.assumingMemoryBound(to: CChar.self)
                var left = input.count
                var room = output.count
                let result = unsafe iconv(converter, &source, &left, &target, &room)
                let code = result == -1 ? errno : 0
                return (input.count - left, output.count - room, code)
            }
        }
    }
}
