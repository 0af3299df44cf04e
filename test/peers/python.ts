/** Pythons with a package, for tests beside other people's programs: those that `infoflow bench` finds. */
export { findPython } from '../../src/bench/python.js'
