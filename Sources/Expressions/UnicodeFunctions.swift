internal import CSQLite
internal import RollcallValues

extension SQLiteDatabase {
    /// SQLite's own `upper` and `lower` know ASCII alone; these follow Unicode: `ß` becomes `SS`, `Σ` at a word's end `ς`.
    func addUnicodeFunctions() throws {
        unsafe try addFunction("upper", argumentCount: 1) { context, count, arguments in
            unsafe FunctionCall(context, count, arguments)?.changeCase(to: .upper)
        }
        unsafe try addFunction("lower", argumentCount: 1) { context, count, arguments in
            unsafe FunctionCall(context, count, arguments)?.changeCase(to: .lower)
        }
    }
}

extension FunctionCall {
    /// ASCII by flipping the case bit, the rest scalar by scalar.
    fileprivate func changeCase(to letterCase: LetterCase) {
        guard !hasNull else { return answerNull() }
        var output: [UInt8] = []
        withBytes(of: 0) { bytes in
            let letters: ClosedRange<UInt8> = letterCase == .upper ? 0x61...0x7A : 0x41...0x5A
            output.reserveCapacity(bytes.count)
            for index in bytes.indices {
                let byte = bytes[index]
                guard byte < 0x80 else {
                    output = text(0).inCase(letterCase)
                    return
                }
                output.append(letters.contains(byte) ? byte ^ 0x20 : byte)
            }
        }
        answer(output)
    }
}

extension String {
    fileprivate func inCase(_ letterCase: LetterCase) -> [UInt8] {
        var caser = LetterCaser(letterCase)
        var output: [UInt8] = []
        for scalar in unicodeScalars { caser.append(scalar, to: &output) }
        return output
    }
}
