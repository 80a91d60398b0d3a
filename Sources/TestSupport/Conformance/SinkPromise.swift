/// What `Sink` and `SinkWriter` promise.
public enum SinkPromise: String, Promise {
    case isDescribed = "the spec names the sink, and says what it and each of its settings are for"
    case checksWithoutColumns = "`check` takes unknown columns, and those that the sink can deliver"
    case inspectsWithoutTouching = "`inspect` takes columns that fit, and changes nothing at the destination"
    case makesNothingWhenLooking = "a destination that is absent is not made where it is only looked at"
    case doesNotGoOnWithAnEmptyOne = "a destination that is absent is not made where earlier runs have filled it"
    case hasLimits = "a delivery takes at least one row, and at least two may be in flight"
    case knowsItsRows =
        "the key column is there, and an id is 1 to 255 bytes, the same at any time and different for different keys"
    case delivers = "all rows that the report does not name are at the destination, as they were delivered"
    case isIdempotent = "where rows have an identity, a row delivered again leaves the destination as it was"
    case replacesByItsKey =
        "where rows have an identity, a row with other values takes the place of the one with its key"
    case reportsOnlyWhatIsMissing =
        "the report names the rows that are not at the destination, each once, by their indices"
    case refusesTheSameBeforehand = "`refusals` are what `deliver` refuses by itself"
    case takesADeliveryOfNone = "a delivery of no rows leaves the destination as it was"
    case exportsEachRowOnce =
        "`export` hands over each row once and one after the other, and throws what its receiver throws"
    case findsRowsByTheirIDs =
        "`heldRows` and `standings` tell of the rows with these ids that are there, and of no others"
    case removes = "what `remove` was asked for shows in `standings`, after the pauses at the latest"
    case bringsBack = "a returning row can be called again"
    case removesWhatIsNotThere = "removing a row that is not there does no harm"
    case isTheSameWhenOpenedAgain = "a sink that is opened again has the same destination, with its rows"
    case explainsWhatItRefuses = "a fault has a code and a reason"
    case tellsNoValues = "reasons, notices and errors tell no value of a row"
}
