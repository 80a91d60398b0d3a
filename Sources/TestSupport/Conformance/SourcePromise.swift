/// What `Source` and `SourceReader` promise.
public enum SourcePromise: String, Promise {
    case isDescribed = "the spec names the source, and says what it and each of its settings are for"
    case namesItsKey = "`keyColumns` names columns of the source, at least one"
    case declaresWhatItHas = "`declaredSchema`, where there is one, has the columns of the open source"
    case showsAllColumns = "`choose` is told all columns that the source has, in their order"
    case reads = "the source hands over its rows, and tells of those that it cannot read"
    case keepsToItsSchema = "every batch has the reader's schema"
    case keepsToTheLimit = "a batch has at least one row, readable or not, and no more than were asked for"
    case readsTheSameInAnyBatches = "rows, and rows that cannot be read, are the same whatever the size of the batches"
    case knowsWhetherKeysAreUnique = "where `keysAreUnique`, no two rows have one key, be they readable or not"
    case endsForGood = "behind the last row `next` gives nil, however often it is asked"
    case fillsCellsAsTheirTypesSay = "cells are UTF-8 text, of the form that their column's type says"
    case leavesOutColumnsOnly =
        "whatever is chosen, the chosen columns and the key are there, in the source's order and with their values"
    case passesOnWhatChooseThrows = "what `choose` throws is thrown by `open`"
    case goesOnBehindEveryBatch = "after the position of a batch follow exactly the rows behind that batch"
    case hasPositionsOnlyWhereItGoesOn = "a batch has no position where the source cannot be resumed"
    case refusesPositionsOfOthers = "a position that is none of the source's own is a configuration error"
    case keepsAFinalPosition = "after the final position the source can be opened, and has no row that is not its own"
    case findsRowsByTheirKeys =
        "`rows(withKeys:)` gives the rows that have these keys, each once and without a position, and no other readable row"
    case isNotMovedByLookingUp = "looking rows up does not move the reader"
    case isSharedWithoutHarm = "two readers of one source do not disturb each other"
    case doesNotEndWhenCancelled = "a reading that is cancelled goes on or throws; it does not look like the end"
    case canBeOpenedAgain = "when a reader was closed, at whatever point, the source can be opened again"
    case explainsRowsItCannotRead = "a row that cannot be read has a place, a code of small letters and a reason"
    case tellsNoValues = "reasons, reservations, remarks and errors tell no value of a row"
}
