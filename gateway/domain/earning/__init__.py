"""Earning: what a visit, a sale or its refund comes to for a card, under the rules of a plan."""
