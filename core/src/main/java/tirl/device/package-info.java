/** Who may knock by SPA, what each device may do, and what comes of what it asks for. */
package tirl.device;
