internal import CSQLite
internal import RollcallValues

extension SQLiteDatabase {
    /// `parse_date(text, format[, zone])`.
    func addDateFunctions(_ cache: FunctionCache) throws {
        for count in Int32(2)...3 {
            unsafe try addFunction("parse_date", argumentCount: count, cache: cache) { context, count, arguments in
                unsafe FunctionCall(context, count, arguments)?.parseDate()
            }
        }
    }
}

extension FunctionCall {
    /// A date where the format has no time of day, else a timestamp in UTC; NULL for a value that is written otherwise.
    fileprivate func parseDate() {
        guard !hasNull, let cache else { return answerNull() }
        do throws(DateFormat.Fault) {
            let format = try cache.format(text(1))
            guard let zone = count > 2 ? cache.zone(text(2)) : .utc else { return fail("there is no such time zone") }
            let moment = withBytes(of: 0) { format.parse($0.extracting($0.rangeWithoutBlanks)) }
            guard let moment else { return answerNull() }
            var output: [UInt8] = []
            if format.hasTime {
                let utc = moment.placed(in: zone).moved(to: .utc)
                guard utc.isInRange else { return answerNull() }
                utc.appendTimestamp(to: &output)
            } else {
                moment.appendDate(to: &output)
            }
            answer(output)
        } catch {
            // What is written in the expression is checked before the first row, so the format comes from a row, and what is
            // wrong with it tells a value.
            fail("the format of a row is none that dates can be written in")
        }
    }
}
