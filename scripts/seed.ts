// Loaded before every test file: one seed for all properties of a run, so that the gate is the
// same gate twice. CORSWAY_SEED=N takes another; CORSWAY_SEED=random lets each property draw its own.
import fc from "fast-check";

const seed = process.env["CORSWAY_SEED"] ?? "20261121";
if (seed !== "random") fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) });
