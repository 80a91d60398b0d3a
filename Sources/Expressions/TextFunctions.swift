internal import CSQLite

extension SQLiteDatabase {
    /// `regexp_like`, `regexp_replace` and `split_part`, as Postgres has them.
    func addTextFunctions(_ cache: FunctionCache) throws {
        for count in Int32(2)...3 {
            unsafe try addFunction("regexp_like", argumentCount: count, cache: cache) { context, count, arguments in
                unsafe FunctionCall(context, count, arguments)?.matchPattern()
            }
        }
        for count in Int32(3)...4 {
            unsafe try addFunction("regexp_replace", argumentCount: count, cache: cache) { context, count, arguments in
                unsafe FunctionCall(context, count, arguments)?.replacePattern()
            }
        }
        unsafe try addFunction("split_part", argumentCount: 3) { context, count, arguments in
            unsafe FunctionCall(context, count, arguments)?.splitPart()
        }
    }
}

extension FunctionCall {
    fileprivate func matchPattern() {
        guard !hasNull, let cache else { return answerNull() }
        do throws(TextPattern.Fault) {
            let pattern = try cache.pattern(text(1), flags: count > 2 ? text(2) : "")
            answer(try withBytes(of: 0) { text throws(TextPattern.Fault) in try pattern.matches(text) })
        } catch {
            fail(error.messageForRows)
        }
    }

    fileprivate func replacePattern() {
        guard !hasNull, let cache else { return answerNull() }
        do throws(TextPattern.Fault) {
            let pattern = try cache.pattern(text(1), flags: count > 3 ? text(3) : "")
            let replacement = withBytes(of: 2) { Replacement($0) }
            var output: [UInt8] = []
            try withBytes(of: 0) { text throws(TextPattern.Fault) in
                try pattern.replace(in: text, with: replacement, to: &output)
            }
            answer(output)
        } catch {
            fail(error.messageForRows)
        }
    }

    /// The part with a number from one, from the end where it is negative; empty where there is none.
    fileprivate func splitPart() {
        guard !hasNull else { return answerNull() }
        let number = integer(2)
        guard number != 0 else { return fail("split_part counts parts from 1, or from the end from -1") }
        withBytes(of: 0) { text in
            withBytes(of: 1) { separator in
                let parts = Self.parts(of: text, separator)
                let index = number > 0 ? number - 1 : parts.count + number
                answer(text.extracting(parts.indices.contains(index) ? parts[index] : 0..<0))
            }
        }
    }

    private static func parts(of text: Span<UInt8>, _ separator: Span<UInt8>) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var start = 0
        var index = 0
        while separator.count > 0, index + separator.count <= text.count {
            var length = 0
            while length < separator.count, text[index + length] == separator[length] { length += 1 }
            guard length == separator.count else {
                index += 1
                continue
            }
            parts.append(start..<index)
            index += length
            start = index
        }
        return parts + [start..<text.count]
    }
}
