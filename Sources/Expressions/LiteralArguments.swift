internal import CSQLite
internal import PhoneNumbers
internal import RollcallValues

/// Checks what an expression hands to our functions as written text: patterns, flags, formats, zones and regions.
enum LiteralArguments {
    /// - Throws: `SQLiteFailure` with the place in the expression.
    static func check(_ sql: String) throws {
        for call in CallScanner.calls(in: sql) {
            switch call.function {
            case "regexp_like": try checkPattern(call, flags: 2)
            case "regexp_replace": try checkPattern(call, flags: 3)
            case "parse_date": try checkDate(call)
            case "e164": try checkRegion(call)
            default: break
            }
        }
    }

    private static func checkPattern(_ call: CallScanner.Call, flags place: Int) throws {
        let flags = call.literals[place]
        guard let written = call.literals[1] ?? flags else { return }
        do throws(TextPattern.Fault) {
            _ = try TextPattern(call.literals[1]?.text ?? "", flags: flags?.text ?? "")
        } catch {
            throw failure(error.message, at: written.offset)
        }
    }

    private static func checkDate(_ call: CallScanner.Call) throws {
        if let format = call.literals[1] {
            do throws(DateFormat.Fault) {
                _ = try DateFormat(format.text)
            } catch {
                throw failure("the format \(error.message)", at: format.offset)
            }
        }
        if let zone = call.literals[2], Zone(zone.text) == nil {
            throw failure("there is no such time zone", at: zone.offset)
        }
    }

    private static func checkRegion(_ call: CallScanner.Call) throws {
        guard let region = call.literals[1], !region.text.isEmpty, PhoneRegion(region.text) == nil else { return }
        throw failure("there is no such region, by the ISO 3166 code of two letters", at: region.offset)
    }

    private static func failure(_ message: String, at offset: Int) -> SQLiteFailure {
        SQLiteFailure(code: SQLITE_ERROR, message: message, offset: offset)
    }
}
