internal import RollcallCore

/// Makes UTF-8 of bytes in some encoding.
protocol TextDecoder {
    /// Appends the text of the beginning of `bytes`, as far as it is well-formed.
    mutating func decode(_ bytes: Span<UInt8>, into text: inout [UInt8]) -> DecodedPart
}

/// How far a decoder came.
struct DecodedPart {
    /// Why the decoder stopped there.
    enum Stop {
        /// What is left, if anything, is the beginning of a character.
        case needsMore
        /// So many bytes are no character.
        case isIllFormed(Int)
    }

    let count: Int
    let stop: Stop
}

/// Checks UTF-8, and copies it.
struct UTF8Decoder: TextDecoder {
    func decode(_ bytes: Span<UInt8>, into text: inout [UInt8]) -> DecodedPart {
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: bytes)
            text.appendBytes(bytes)
            return DecodedPart(count: bytes.count, stop: .needsMore)
        } catch {
            let fault = error.byteOffsets
            text.appendBytes(bytes.extracting(..<fault.lowerBound))
            let isCutOff = error.kind == .truncatedScalar && fault.upperBound == bytes.count
            return DecodedPart(count: fault.lowerBound, stop: isCutOff ? .needsMore : .isIllFormed(fault.count))
        }
    }
}
