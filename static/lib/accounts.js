// Accounts, for administrators. Each throws Problem when it is refused.

import { get, post } from "./api.js";

const of = (name, what) => `/accounts/${encodeURIComponent(name)}/${what}`;

/** All accounts: [{name, role, offices, disabled}]; `offices` null means all. */
export const listAccounts = () => get("/accounts");

/** A new account; without `offices` it belongs to all of them. */
export const addAccount = ({ name, role, password, offices }) => post("/accounts", { name, role, password, ...(offices && { offices }) });

/** Out at once, its open pages too; or in again. */
export const setDisabled = (name, disabled) => post(of(name, disabled ? "disable" : "enable"));

/** Another password; whoever was signed in with the old one is out. */
export const setPassword = (name, password) => post(of(name, "password"), { password });
