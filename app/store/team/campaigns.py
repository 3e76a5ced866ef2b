"""Reads and writes campaigns, of which there is only a name yet; knows no rules."""

from __future__ import annotations

from app.store.connection import Connection


def campaigns_with_leads(read: Connection) -> list[tuple[int, str, int]]:
    """(id, name, number of leads) of all campaigns."""
    sql = """SELECT campaign.id, campaign.name, count(lead.id) FROM campaign
  LEFT JOIN lead ON lead.campaign_id = campaign.id GROUP BY campaign.id, campaign.name"""
    return [(number, name, leads) for number, name, leads in read.rows(sql)]


def campaign_names(read: Connection) -> dict[int, str]:
    """The names of all campaigns by their ids."""
    return dict(read.rows("SELECT id, name FROM campaign"))


def add_campaign(tx: Connection, name: str) -> int:
    """A new one; its id."""
    return int(tx.value("INSERT INTO campaign (name) VALUES (?) RETURNING id", (name,)))


def rename_campaign(tx: Connection, number: int, name: str) -> bool:
    """Whether it was there."""
    return tx.run("UPDATE campaign SET name = ? WHERE id = ?", (name, number)) > 0
