/// What `Transform` and `TransformStep` promise.
public enum TransformPromise: String, Promise {
    case isDescribed = "the spec names the step, and says what it and each of its settings are for"
    case saysWhatItCanBeforeColumnsAreKnown =
        "without known columns `outputSchema` gives nil or the names that it gives with them, and throws nothing"
    case givesTheColumnsItSaid = "every batch has the columns of `outputSchema`"
    case accountsForEveryRow = "rows in are rows of the batch, filtered and invalid ones"
    case keepsRowsAndTheirOrder = "rows come out in the order in which they went in, and know which ones they are"
    case namesTheRowsItRefuses = "a fault has `origin(of:)` a row that went in and did not come out"
    case keepsThePosition = "a batch keeps its position"
    case takesABatchOfNone = "of a batch without rows comes a batch without rows"
    case isTheSameInAnyBatches = "what becomes of rows is the same whatever the size of the batches"
    case beginsAnewWhenOpened = "steps that were opened apart do not disturb each other"
    case saysWhenItNeedsAllRows =
        "where `needsAllRows` is false, what becomes of a row does not depend on those before it"
    case needsOnlyTheColumnsItSays =
        "with only the columns that it says it needs, the step makes the same of the columns that are looked at"
    case refusesRowsAndNotRuns = "a value that the step can make nothing of refuses its row; the run goes on"
    case fillsCellsAsTheirTypesSay = "cells are UTF-8 text, of the form that their column's type says"
    case explainsWhatItRefuses = "a fault has a code of small letters and a reason"
    case tellsNoValues = "reasons and errors tell no value of a row"
}
