import { copies } from "./copy.js";

copies();
