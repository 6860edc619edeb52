// What the OpenFeature Remote Evaluation Protocol 0.3 asks of answers, as JSON schemas of our own words: the members that a
// client reads, their types, and the codes and reasons there are.
const value = { type: ["boolean", "string", "number", "object", "array"] };
const metadata = { type: "object", additionalProperties: { type: ["boolean", "string", "number"] } };

/** A flag that has a value. */
export const evaluation = {
  type: "object",
  required: ["key", "value"],
  properties: {
    key: { type: "string", minLength: 1 },
    value,
    variant: { type: "string" },
    reason: { enum: ["STATIC", "TARGETING_MATCH", "SPLIT", "DISABLED", "DEFAULT", "CACHED", "UNKNOWN"] },
    metadata,
  },
};

/** All flags. */
export const bulk = {
  type: "object",
  required: ["flags"],
  properties: { flags: { type: "array", items: evaluation }, metadata },
};

const failure = (codes, required) => ({
  type: "object",
  required,
  properties: { key: { type: "string" }, errorCode: { enum: codes }, errorDetails: { type: "string" } },
});

/** 400 of one flag, and of all. */
export const failedOne = failure(["PARSE_ERROR", "TARGETING_KEY_MISSING", "INVALID_CONTEXT", "GENERAL"], ["key", "errorCode"]);
export const failedAll = failure(["PARSE_ERROR", "TARGETING_KEY_MISSING", "INVALID_CONTEXT", "GENERAL"], ["errorCode"]);
/** 404 of one flag. */
export const notFound = failure(["FLAG_NOT_FOUND"], ["key", "errorCode"]);
/** 5xx, and where the protocol says nothing. */
export const general = { type: "object", properties: { errorDetails: { type: "string" } } };
