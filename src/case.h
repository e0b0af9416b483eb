/*
 * case.h
 *	  Update types, and the states and events of their cases, by code.
 */
#ifndef REGISTRY_CASE_H
#define REGISTRY_CASE_H

typedef enum UpdateType
{
	MISSED_OUT = 1,
	ROSTER,
	SHOCK,
	APPEAL,
	CYCLIC,
	RECERTIFICATION,
	CORRECTION,
	GRIEVANCE
} UpdateType;

/* NO_STATE is where a case comes from that is being opened. */
typedef enum CaseState
{
	NO_STATE,
	REQUESTED,
	SCREENED,
	INTERVIEWING,
	SUBMITTED,
	VERIFIED,
	APPLIED,
	REJECTED,
	CANCELLED,
	EXPIRED
} CaseState;

typedef enum CaseEvent
{
	OPEN = 1,
	SCREEN,
	START_INTERVIEW,
	SUBMIT,
	VERIFY,
	APPLY,
	REJECT,
	CANCEL,
	SEND_BACK,
	EXPIRE
} CaseEvent;

#endif							/* REGISTRY_CASE_H */
